import type { Moved } from './playback.svelte.ts';

/** An answer takes no longer than this: on a line that swallows everything none would ever come. */
const patienceMs = 8000;

/** The server knows of the listening, or has none (any more); undefined when nothing was heard of the server. */
export type Listens = boolean | undefined;

/** Rises as long as the page is there: what is told late must not undo what was told after it. */
let told = 0;

interface Word {
	at: Moved;
	answer: Promise<Listens>;
}

/**
 * Tells the server where a listener is, one word after the other; of those that come meanwhile the last is the one that
 * counts. `refused` is called when the server does not take it.
 */
export class Telling {
	readonly #address: string;
	readonly #fields: Record<string, string>;
	readonly #refused: () => void;
	readonly #page = String(performance.timeOrigin);
	#next: Word | undefined;
	#last: Promise<Listens> = Promise.resolve(undefined);

	constructor(address: string, { fields = {}, refused }: { fields?: Record<string, string>; refused: () => void }) {
		this.#address = address;
		this.#fields = fields;
		this.#refused = refused;
	}

	/** Gives what the server says of the listening. */
	tell(at: Moved): Promise<Listens> {
		if (this.#next) {
			this.#next.at = at;
			return this.#next.answer;
		}
		const word: Word = { at, answer: this.#last.then(() => this.#post(word)) };
		this.#next = word;
		this.#last = word.answer;
		return word.answer;
	}

	/** A page that goes waits for no answer: what is still to be told is told beside what is under way. */
	hurry(): void {
		if (this.#next) void this.#post(this.#next);
	}

	async #post(word: Word): Promise<Listens> {
		if (this.#next === word) this.#next = undefined;
		const { positionMs, heardSeconds, ranges } = word.at;
		const body = new URLSearchParams({
			...this.#fields,
			positionMs: String(positionMs),
			heardSeconds: String(heardSeconds),
			ranges,
			page: this.#page,
			number: String(++told)
		});
		try {
			const signal = AbortSignal.timeout(patienceMs);
			const answer = await fetch(this.#address, { method: 'POST', body, keepalive: true, signal });
			if (answer.ok) return ((await answer.json()) as { listens?: unknown }).listens === true;
			this.#refused();
			return false;
		} catch {
			// A line that is cut mends itself; only an answer that says no is news.
			return undefined;
		}
	}
}
