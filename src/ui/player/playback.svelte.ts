import { Heard } from './heard.ts';
import type { Mix, Voices } from './mixer.ts';
import { Sound, type SoundState } from './sound.ts';
import type { Listens } from './telling.ts';

/** The speeds to choose from; the pitch stays. */
export const speeds = [0.5, 0.75, 1, 1.25, 1.5, 2] as const;

/** Where somebody is in a sound, and how much of it they have heard since its first play. */
export interface Moved {
	positionMs: number;
	heardSeconds: number;
	/** The parts of it that sounded, in whole seconds. */
	ranges: string;
}

interface Start {
	src: string;
	positionMs: number;
	/** What the register holds; the element's own length wins as soon as it is known. */
	durationMs: number;
	/** From 0 to 1. */
	volume: number;
	/**
	 * Told a second further or elsewhere, at each pause, at the end, before it goes on, and when the page goes. Gives what
	 * the server says of the listening.
	 */
	moved: (at: Moved) => Promise<Listens>;
}

const tellEverySeconds = 1;

let openings = 0;
const patienceMs = 9000;

/** What the screen shows of a sound, and what a visitor does with it. */
export class Playback {
	state = $state<SoundState>('paused');
	/** Seconds, as the duration is. */
	position = $state(0);
	duration = $state(0);
	/** It has sounded at least once. */
	begun = $state(false);
	/** Nothing can be mixed here, so there is no choice of voices. */
	isPlain = $state(false);
	speed = $state(1);
	mix = $state.raw<Mix>({ volume: 1, voices: 'both', evened: true });
	#slow = $state(false);
	/** It shall go on, and the server is asked whether the listening is still there. */
	#asking = $state(false);
	/** Sound is wanted now, whether it is there already or not. */
	readonly wanted = $derived(this.#asking || this.state === 'playing' || this.state === 'loading');
	readonly failed = $derived(this.state === 'failed' || this.#slow);
	readonly #src: string;
	readonly #moved: Start['moved'];
	readonly #heard = new Heard();
	#sound: Sound | undefined;
	#patience: ReturnType<typeof setTimeout> | undefined;
	#told: number;

	constructor({ src, positionMs, durationMs, volume, moved }: Start) {
		this.#src = src;
		this.#moved = moved;
		this.position = positionMs / 1000;
		this.duration = durationMs / 1000;
		this.mix = { ...this.mix, volume };
		this.#told = this.position;
	}

	/** Has the sound open until the returned function is called. */
	open(): () => void {
		const gone = (): void => this.#tell();
		addEventListener('pagehide', gone);
		this.#openSound();
		return () => {
			removeEventListener('pagehide', gone);
			this.#close();
		};
	}

	/** After a failure: plays on from the same place, by a sound that is opened anew. */
	retry(): void {
		this.#reopen();
		this.#sound?.play();
	}

	/**
	 * The line is cut: it falls silent, and what the browser has of the sound is given up. For when the line is back,
	 * nothing may be heard without the server's knowing.
	 */
	lose(): void {
		this.#close();
		this.state = 'paused';
	}

	/** The line is back: it stands ready at the same place. */
	mend(): void {
		if (!this.#sound || this.failed) this.#reopen();
	}

	toggle(): void {
		if (!this.wanted) return void this.#play();
		this.#asking = false;
		this.#sound?.pause();
	}

	/** Goes to a position in seconds. */
	seek(position: number): void {
		this.#sound?.seek(position);
	}

	/** Goes so many seconds on, or back when negative. */
	skip(seconds: number): void {
		this.#sound?.skip(seconds);
	}

	/** The last so many seconds once more. */
	repeat(seconds: number): void {
		this.skip(-seconds);
		if (!this.wanted) void this.#play();
	}

	quicken(speed: number): void {
		this.speed = speed;
		if (this.#sound) this.#sound.rate = speed;
	}

	/** How loud, from 0 to 1. */
	soften(volume: number): void {
		this.#remix({ volume });
	}

	choose(voices: Voices): void {
		this.#remix({ voices });
	}

	even(evened: boolean): void {
		this.#remix({ evened });
	}

	/**
	 * Plays, or goes on. What the browser has got of a sound it would play without a line in the log when the listening
	 * has ended meanwhile (after a long pause, say): so the server is asked first, and unless it says that there is one,
	 * the sound is asked for anew.
	 */
	async #play(): Promise<void> {
		const sound = this.#sound;
		if (!sound?.isGot) return sound?.play();
		this.#asking = true;
		const listens = await this.#moved(this.#here());
		if (!this.#asking || this.#sound !== sound) return;
		this.#asking = false;
		if (listens !== true) this.#reopen();
		this.#sound.play();
	}

	#remix(change: Partial<Mix>): void {
		this.mix = { ...this.mix, ...change };
		this.#sound?.remix(change);
	}

	#reopen(): void {
		this.#close();
		this.#slow = false;
		this.#openSound();
	}

	#openSound(): void {
		const { position, mix } = this;
		// Under an address that it had before, Chromium plays from its memory and asks the server nothing, `no-store` or not
		// (measured in 156): then somebody would hear what no line in the log says.
		const sound = new Sound(`${this.#src}#${++openings}`, { position, mix, changed: () => this.#follow(sound) });
		sound.rate = this.speed;
		this.#sound = sound;
		this.#follow(sound);
	}

	#close(): void {
		clearTimeout(this.#patience);
		this.#patience = undefined;
		this.#asking = false;
		this.#sound?.dispose();
		this.#sound = undefined;
	}

	#follow(sound: Sound): void {
		const sounded = this.state === 'playing';
		this.state = sound.state;
		this.position = sound.position;
		this.duration = sound.duration ?? this.duration;
		this.isPlain = sound.isPlain;
		this.begun ||= this.state === 'playing';
		this.#heard.follow(this.position, this.state === 'playing');
		this.#wait(sound);
		const stopped = sounded && (this.state === 'paused' || this.state === 'ended' || this.state === 'failed');
		if (stopped || Math.abs(this.position - this.#told) >= tellEverySeconds) this.#tell();
	}

	// A sound that does not come is said to be missing; nobody waits without end.
	#wait(sound: Sound): void {
		if (this.state !== 'loading') {
			clearTimeout(this.#patience);
			this.#patience = undefined;
			return;
		}
		this.#patience ??= setTimeout(() => {
			this.#slow = true;
			sound.pause();
		}, patienceMs);
	}

	#tell(): void {
		this.#told = this.position;
		const sound = this.#sound;
		const wasGot = sound?.isGot;
		void this.#moved(this.#here()).then((listens) => {
			// The listening has ended, and the sound goes on: it is asked for anew, or falls silent.
			if (listens !== false || !wasGot || this.#sound !== sound || !this.wanted) return;
			this.#reopen();
			this.#sound?.play();
		});
	}

	#here(): Moved {
		return {
			positionMs: Math.round(this.position * 1000),
			heardSeconds: Math.round(this.#heard.seconds * 10) / 10,
			ranges: this.#heard.ranges
		};
	}
}
