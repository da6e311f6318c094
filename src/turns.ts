/** Lets the changes of one thing happen one after the other, within this process (there is one web server). */
export class Turns {
	readonly #tails = new Map<string, Promise<unknown>>();

	/** Does `work` when everything before it on the same key is over, however that ended. */
	async take<T>(key: string, work: () => Promise<T>): Promise<T> {
		const turn = (this.#tails.get(key) ?? Promise.resolve()).then(work, work);
		this.#tails.set(key, turn);
		try {
			return await turn;
		} finally {
			if (this.#tails.get(key) === turn) this.#tails.delete(key);
		}
	}
}
