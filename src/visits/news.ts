/** What changed: a visit, a kiosk or a person, by id; never what it holds. Whoever hears it looks for themselves. */
export interface Change {
	office?: string;
	kiosk?: string;
	visit?: string;
	person?: string;
}

/** Tells screens that something changed, within this process; a screen that was away asks anew when it returns. */
export class News {
	readonly #ears = new Set<(change: Change) => void>();

	/** Hears every change until the returned function is called. */
	hear(ear: (change: Change) => void): () => void {
		this.#ears.add(ear);
		return () => void this.#ears.delete(ear);
	}

	/** How many hear it now: a screen that is gone must not be left among them. */
	get heardBy(): number {
		return this.#ears.size;
	}

	tell(change: Change): void {
		for (const ear of [...this.#ears]) ear(change);
	}
}
