import { version } from '$app/environment';

/** The server beats every three seconds; two missed beats and a little more, and the line counts as cut. */
const silenceSeconds = 8;
const againSeconds = 3;
/** The server counts a kiosk as gone after three times this and nothing. */
const aliveMs = 5000;

/**
 * The kiosk's line to the server: says when to look again, whether the line is cut, and whether the server has a newer
 * page than this one; tells the server that the kiosk is there. Mends itself.
 */
export class Line {
	lost = $state(false);
	/** The server serves another version than this page is of. */
	stale = $state(false);
	readonly #look: () => void;
	#stream: EventSource | undefined;
	/** Seconds since anything was heard, and since it was tried to open; counted, not read from a clock that may be set. */
	#silent = 0;
	#waited = 0;

	constructor(look: () => void) {
		this.#look = look;
	}

	/** Listens until the returned function is called; a device that is no kiosk yet does not say that it is there. */
	open({ paired = true } = {}): () => void {
		this.#connect();
		const watch = setInterval(() => this.#watch(), 1000);
		const alive = paired ? setInterval(() => void this.#tellAlive(), aliveMs) : undefined;
		if (paired) void this.#tellAlive();
		return () => {
			clearInterval(watch);
			clearInterval(alive);
			this.#stream?.close();
			this.lost = false;
		};
	}

	#connect(): void {
		this.#stream?.close();
		this.#waited = 0;
		if (!this.lost) this.#silent = 0;
		const stream = new EventSource('/kiosk/news');
		stream.onopen = () => this.#hear(this.lost);
		stream.onmessage = ({ data }) => {
			this.#hear(data === 'look');
			if (typeof data === 'string' && data.startsWith('here ')) this.stale = data !== `here ${version}`;
		};
		stream.onerror = () => (this.lost = true);
		this.#stream = stream;
	}

	// Whatever was said while the line was cut was not heard: look when it is back.
	#hear(look: boolean): void {
		this.#silent = 0;
		this.lost = false;
		if (look) this.#look();
	}

	#watch(): void {
		if (++this.#silent > silenceSeconds) this.lost = true;
		if (++this.#waited > againSeconds && this.lost) this.#connect();
	}

	async #tellAlive(): Promise<void> {
		if (this.lost) return;
		const signal = AbortSignal.timeout(aliveMs);
		const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
		const body = `version=${encodeURIComponent(version)}`;
		await fetch('/kiosk/alive', { method: 'POST', headers, body, signal }).catch(() => undefined);
	}
}
