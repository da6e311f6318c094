import { fork } from 'node:child_process';
import http, { type IncomingMessage } from 'node:http';

// Players that are not browsers, in a process of their own: each reads a call in real time, keeps some seconds ahead
// and has the server wait when it has them, and goes to another place now and then.

/** What the players are told. */
export interface Playing {
	origin: string;
	/** `size` in bytes; `seeks` is false for one who hears it in one go. */
	asks: { path: string; cookie: string; size: number; seeks: boolean }[];
	/** Bytes of a second. */
	rate: number;
}

/** What the players have seen. */
export interface SeenByPlayers {
	/** How many times one had nothing to play on with, in the middle. */
	empty: number;
	/** Connections that ended otherwise than they should. */
	faults: string[];
	/** Milliseconds from each start or seek to its first sound. */
	waits: number[];
	megabytes: number;
	/**
	 * For each that lost its right: how many milliseconds after that the last byte came, how many came after a second, and
	 * how many never came, although it then took all that it could get.
	 */
	revoked: { lastMs: number; bytesAfterASecond: number; bytesMissing: number }[];
}

/** The players of another process, all of which have begun. */
export interface Players {
	/** One has lost its right just now; before a second is over it takes all that it can still get. */
	lost(player: number): void;
	/** They stop. */
	end(): Promise<SeenByPlayers>;
}

/** Starts them, eight at a time; resolves when each has had its first sound. */
export async function startPlayers(playing: Playing): Promise<Players> {
	const child = fork(import.meta.filename, ['play']);
	const next = <T>(): Promise<T> =>
		new Promise((resolve, reject) => {
			child.once('message', (message) => resolve(message as T));
			child.once('exit', () => reject(new Error('the players are gone')));
		});
	child.send(playing);
	await next();
	return {
		lost: (player) => void child.send({ lost: player }),
		async end() {
			const seen = next<SeenByPlayers>();
			child.send({ end: true });
			return seen.finally(() => child.kill());
		}
	};
}

const aheadSeconds = { most: 20, least: 10 };
const seekEverySeconds = 30;
const tickMs = 200;

class Player {
	#asking: http.ClientRequest | undefined;
	#answer: IncomingMessage | undefined;
	/** Where it plays, and up to where it has the sound, in bytes of the call. */
	#at = 0;
	#to = 0;
	#dry = false;
	#lostAt: number | undefined;
	#takesAll = false;
	#last = 0;
	#late = 0;
	#seekIn = seekEverySeconds * (0.5 + Math.random());

	readonly playing: Playing;
	readonly ask: Playing['asks'][number];
	readonly seen: SeenByPlayers;

	constructor(playing: Playing, ask: Playing['asks'][number], seen: SeenByPlayers) {
		[this.playing, this.ask, this.seen] = [playing, ask, seen];
	}

	/** Asks for the sound from a place on; resolves with the first of it. */
	start(from: number): Promise<void> {
		this.#asking?.destroy();
		this.#answer = undefined;
		[this.#at, this.#to, this.#dry] = [from, from, false];
		const began = performance.now();
		return new Promise((resolve) => {
			const asking = http.get(`${this.playing.origin}${this.ask.path}`, {
				agent: false,
				headers: {
					Cookie: this.ask.cookie,
					Range: `bytes=${from}-`,
					'Sec-Fetch-Dest': 'audio',
					'Sec-Fetch-Site': 'same-origin'
				}
			});
			this.#asking = asking;
			const wrong = (why: string): void => {
				if (asking !== this.#asking || this.#lostAt !== undefined) return;
				this.seen.faults.push(why);
				resolve();
			};
			asking.on('error', (fault) => wrong(fault.message));
			asking.on('response', (answer) => {
				if (answer.statusCode !== 206) wrong(`answered ${answer.statusCode}`);
				this.#answer = answer;
				answer.on('error', (fault) => wrong(fault.message));
				answer.on('data', (piece: Buffer) => {
					if (asking !== this.#asking) return;
					if (this.#to === from) {
						this.seen.waits.push(performance.now() - began);
						resolve();
					}
					this.#to += piece.length;
					this.seen.megabytes += piece.length / 1e6;
					if (this.#lostAt !== undefined) {
						this.#last = Date.now() - this.#lostAt;
						if (this.#last > 1000) this.#late += piece.length;
					}
					if (!this.#takesAll && this.#to - this.#at > aheadSeconds.most * this.playing.rate) answer.pause();
				});
			});
		});
	}

	tick(seconds: number): void {
		if (!this.#answer || this.#lostAt !== undefined) return;
		const { rate } = this.playing;
		const { size, seeks } = this.ask;
		const wanted = Math.min(this.#at + rate * seconds, size);
		// What it waits for after a seek is not an empty buffer: nothing was there yet.
		if (wanted > this.#to && this.#to > this.#at && !this.#dry) this.seen.empty++;
		this.#dry = wanted > this.#to;
		this.#at = Math.min(wanted, this.#to);
		if (this.#to - this.#at < aheadSeconds.least * rate) this.#answer.resume();
		this.#seekIn -= seconds;
		if (!seeks || (this.#seekIn > 0 && this.#at < size)) return;
		this.#seekIn = seekEverySeconds * (0.5 + Math.random());
		void this.start(Math.floor(Math.random() * 0.9 * size));
	}

	lost(): void {
		this.#lostAt = Date.now();
		// What had come into its own machine before it was cut off it has got; what had not must never come.
		setTimeout(() => {
			this.#takesAll = true;
			this.#answer?.resume();
		}, 700);
	}

	end(): void {
		if (this.#lostAt !== undefined) {
			const bytesMissing = this.ask.size - this.#to;
			this.seen.revoked.push({ lastMs: this.#last, bytesAfterASecond: this.#late, bytesMissing });
		}
		this.#lostAt ??= Date.now();
		this.#asking?.destroy();
	}
}

async function play(playing: Playing): Promise<void> {
	const seen: SeenByPlayers = { empty: 0, faults: [], waits: [], megabytes: 0, revoked: [] };
	const players = playing.asks.map((ask) => new Player(playing, ask, seen));
	let then = performance.now();
	const ticking = setInterval(() => {
		const seconds = (performance.now() - then) / 1000;
		then = performance.now();
		for (const player of players) player.tick(seconds);
	}, tickMs);
	const waiting = [...players];
	const starter = async (): Promise<void> => {
		for (let player = waiting.pop(); player; player = waiting.pop()) await player.start(0);
	};
	await Promise.all(Array.from({ length: 8 }, starter));
	// From here on: what starting them took is told apart.
	seen.waits = [];
	process.on('message', (told: { lost?: number; end?: boolean }) => {
		if (told.lost !== undefined) players[told.lost]?.lost();
		if (!told.end) return;
		clearInterval(ticking);
		for (const player of players) player.end();
		process.send?.(seen);
	});
	process.send?.('all have begun');
}

if (process.argv[1] === import.meta.filename) process.once('message', (playing: Playing) => void play(playing));
