/** The server beats every three seconds; two missed beats and a little more, and the line counts as cut. */
const silenceMs = 8000;
const againMs = 3000;

/** The kiosk's line to the server: says when to look again, and whether the line is cut. Mends itself. */
export class Line {
	lost = $state(false);
	readonly #look: () => void;
	#stream: EventSource | undefined;
	#heard = 0;
	#tried = 0;

	constructor(look: () => void) {
		this.#look = look;
	}

	/** Listens until the returned function is called. */
	open(): () => void {
		this.#connect();
		const watch = setInterval(() => this.#watch(), 1000);
		return () => {
			clearInterval(watch);
			this.#stream?.close();
			this.lost = false;
		};
	}

	#connect(): void {
		this.#stream?.close();
		this.#tried = Date.now();
		if (!this.lost) this.#heard = this.#tried;
		const stream = new EventSource('/kiosk/news');
		stream.onopen = () => this.#hear(this.lost);
		stream.onmessage = ({ data }) => this.#hear(data === 'look');
		stream.onerror = () => (this.lost = true);
		this.#stream = stream;
	}

	// Whatever was said while the line was cut was not heard: look when it is back.
	#hear(look: boolean): void {
		this.#heard = Date.now();
		this.lost = false;
		if (look) this.#look();
	}

	#watch(): void {
		if (Date.now() - this.#heard > silenceMs) this.lost = true;
		if (this.lost && Date.now() - this.#tried > againMs) this.#connect();
	}
}
