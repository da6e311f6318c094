/**
 * Shares one piece of work among all who ask for it under one name, so that many requests cost the database one.
 * Whoever asks while it runs gets the next run, never the running one: no answer is older than its question.
 */
export class Together<T> {
	readonly #running = new Map<string, Promise<T>>();
	readonly #next = new Map<string, Promise<T>>();

	run(name: string, work: () => Promise<T>): Promise<T> {
		const waiting = this.#next.get(name);
		if (waiting) return waiting;
		const running = this.#running.get(name);
		if (!running) return this.#start(name, work);
		const next = running.then(noMatter, noMatter).then(() => {
			this.#next.delete(name);
			return this.#start(name, work);
		});
		this.#next.set(name, next);
		return next;
	}

	#start(name: string, work: () => Promise<T>): Promise<T> {
		const run = work().finally(() => this.#running.delete(name));
		this.#running.set(name, run);
		return run;
	}
}

function noMatter(): void {
	// The one who asked for that run hears how it went.
}
