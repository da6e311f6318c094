import { Howl, Howler } from 'howler';
import { openMixer, type Mix, type Mixer } from './mixer.ts';
import { painted } from './painted.ts';

// Howler's other way, Web Audio, holds the whole sound in memory and shifts the pitch with the speed: not even its
// context is made.
Howler.usingWebAudio = false;
Howler.autoUnlock = false;

/**
 * `paused`: silent, ready to play; nothing need be loaded yet. `loading`: asked to play, and no sound yet or no more.
 * `ended`: played to the end. `failed`: this sound will not play any more; open it anew.
 */
export type SoundState = 'paused' | 'loading' | 'playing' | 'ended' | 'failed';

interface Start {
	/** Seconds. */
	position?: number;
	/** How it is mixed; at full volume, both voices, evened out unless told otherwise. */
	mix?: Partial<Mix>;
	/** Called whenever state, position, duration or the like may have changed; read them anew. */
	changed: () => void;
}

const heard = [
	'durationchange',
	'seeking',
	'seeked',
	'timeupdate',
	'playing',
	'waiting',
	'canplay',
	'play',
	'pause',
	'ended',
	'ratechange',
	'volumechange'
] as const;

let open: Sound | undefined;

function makeRoomFor(sound: Sound): void {
	open?.dispose();
	open = sound;
}

/** Pauses whatever sound is open, at once. */
export function hush(): void {
	open?.pause();
}

/**
 * One sound, played by Howler through a plain media element, so that the browser asks for it in ranges and keeps
 * nothing. At most one is open: opening another disposes of the first. Nothing is asked of the server before `play`.
 * Positions and durations are seconds. The state is read from the element, which others may pause too.
 */
export class Sound {
	readonly #howl: Howl;
	readonly #changed: () => void;
	readonly #deaf = new AbortController();
	#element: HTMLMediaElement | undefined;
	#id = 0;
	#loaded = false;
	/** Asked to play, and not paused, ended or failed since. */
	#wanted = false;
	/** Howler has begun to play and has not yet said how that went; until then it goes where it began, once more. */
	#starting = false;
	/** Howler has been started before, and may remember a place. */
	#begun = false;
	#ended = false;
	#failed = false;
	/** Where a seek should go that cannot be made yet. */
	#aim: number | undefined;
	#rate = 1;
	#mix: Mix = { volume: 1, voices: 'both', evened: true };
	#mixer: Mixer | undefined;
	/** Whether it is known yet if there is a mixer: before that, nothing sounds. */
	#routed = false;

	constructor(src: string, { position = 0, mix, changed }: Start) {
		makeRoomFor(this);
		this.#changed = changed;
		this.#mix = { ...this.#mix, ...mix };
		this.#aim = position;
		this.#howl = new Howl({
			src: [src],
			html5: true,
			preload: false,
			// Our addresses have no extension, and Howler asks the browser about formats in words that say no to some that
			// it plays (A-law in WAV): any name that it knows lets the element itself decide.
			format: ['webm'],
			onload: () => {
				this.#loaded = true;
				this.#start();
			},
			onloaderror: () => this.#fail(),
			onplay: () => {
				this.#starting = false;
				this.#seekOn();
				this.#tell();
			},
			onplayerror: () => {
				this.#starting = false;
				if (this.#element?.paused) this.#wanted = false;
				this.#seekOn();
				this.#tell();
			}
		});
	}

	get state(): SoundState {
		if (this.#failed) return 'failed';
		if (!this.#wanted) return this.#ended ? 'ended' : 'paused';
		const sounds = this.#element && !this.#element.paused && this.#element.readyState >= this.#element.HAVE_FUTURE_DATA;
		return sounds ? 'playing' : 'loading';
	}

	/** Seconds from the beginning; where a seek is going, while it is under way. */
	get position(): number {
		// Howler winds back when the end is reached; to the listener the end is where they are.
		if (this.#ended) return this.duration ?? 0;
		return this.#aim ?? this.#element?.currentTime ?? 0;
	}

	/** The element's own, exact; undefined until it is known. */
	get duration(): number | undefined {
		const duration = this.#element?.duration;
		return Number.isFinite(duration) ? duration : undefined;
	}

	get mix(): Readonly<Mix> {
		return this.#mix;
	}

	/** Changes some of the mix, at once. */
	remix(change: Partial<Mix>): void {
		this.#mix = { ...this.#mix, ...change };
		this.#route();
		this.#tell();
	}

	/** Whether the browser has some of it, and could play that without asking anybody. */
	get isGot(): boolean {
		return this.#loaded;
	}

	/** Whether it goes its plain way, as the element plays it, because nothing can be mixed here: only the volume counts. */
	get isPlain(): boolean {
		return this.#routed && !this.#mixer;
	}

	/** How fast; the pitch stays. */
	get rate(): number {
		return this.#rate;
	}

	set rate(rate: number) {
		this.#rate = rate;
		// Howler's own way swaps the end for a timer that fires in a pause.
		if (this.#element) this.#element.playbackRate = rate;
		this.#tell();
	}

	/** Plays from where it stands; from the beginning when it has ended. */
	play(): void {
		if (this.#failed || this.#deaf.signal.aborted) return;
		this.#wanted = true;
		if (this.#ended) this.#aim = 0;
		this.#ended = false;
		if (!this.#element) this.#load();
		if (!this.#mixer) void this.#findMixer();
		this.#start();
		this.#tell();
	}

	pause(): void {
		this.#wanted = false;
		this.#element?.pause();
		this.#tell();
	}

	/** Goes to a position, at most the end. While one seek is under way only the last of the others is made. */
	seek(position: number): void {
		this.#aim = Math.min(Math.max(0, position), this.duration ?? Infinity);
		this.#ended = false;
		this.#seekOn();
		this.#tell();
	}

	/** Goes so many seconds on, or back when negative. */
	skip(seconds: number): void {
		this.seek(this.position + seconds);
	}

	/** Falls silent for good and lets go of the element. */
	dispose(): void {
		this.#wanted = false;
		this.#deaf.abort();
		this.#element?.pause();
		this.#howl.off();
		this.#howl.unload();
		this.#element = undefined;
		this.#mixer = undefined;
		if (open === this) open = undefined;
	}

	#load(): void {
		this.#howl.load();
		const { element, id } = insideOf(this.#howl);
		// Howler says that nothing need be preloaded, by a word that means "the beginning only": Chromium would then stop
		// the answer there, and ask once more when it plays.
		element.preload = 'auto';
		standStill(element);
		this.#element = element;
		this.#id = id;
		const { signal } = this.#deaf;
		for (const event of heard) element.addEventListener(event, () => this.#on(event), { signal });
		element.addEventListener('error', () => this.#fail(), { signal });
	}

	async #findMixer(): Promise<void> {
		await painted();
		if (!this.#element) return;
		const mixer = await openMixer();
		if (!this.#element) return;
		this.#mixer = mixer?.take(this.#element) ? mixer : undefined;
		this.#routed = true;
		this.#route();
		this.#start();
		this.#tell();
	}

	/** The volume is the last thing on the way, so that a quiet listener hears the same mix. */
	#route(): void {
		this.#mixer?.set(this.#mix);
		if (this.#element) this.#element.volume = this.#mixer ? 1 : this.#mix.volume;
	}

	#on(event: (typeof heard)[number]): void {
		const element = this.#element;
		if (!element) return;
		// Events arrive late: what the element is now counts, not what it was when they were sent.
		if (element.ended && this.#wanted) {
			this.#ended = true;
			this.#wanted = false;
		}
		if (event === 'pause' && element.paused && !this.#starting) this.#wanted = false;
		if (event === 'play' && !this.#wanted) element.pause();
		if (event === 'seeked') this.#seekOn();
		if (event === 'canplay') this.#start();
		this.#tell();
	}

	/** Begins to play when everything is there for it; else the event that brings the rest asks again. */
	#start(): void {
		const element = this.#element;
		if (!this.#wanted || !this.#loaded || !this.#routed || !element) return;
		this.#seekOn();
		if (!element.paused || element.readyState < element.HAVE_FUTURE_DATA) return;
		if (this.#starting) return void element.play().catch(() => undefined);
		// Somebody else paused the element, and Howler does not know.
		if (this.#howl.playing(this.#id)) this.#howl.pause(this.#id);
		this.#howl.volume(element.volume, this.#id);
		this.#howl.rate(this.#rate, this.#id);
		// A seek makes Howler wait for the sound once more, so none is made to the beginning at which it stands.
		if (this.#begun || element.currentTime > 0) this.#howl.seek(element.currentTime, this.#id);
		this.#begun = true;
		this.#starting = true;
		this.#howl.play(this.#id);
	}

	#seekOn(): void {
		const element = this.#element;
		if (this.#aim === undefined || !this.#loaded || !element || element.seeking || this.#starting) return;
		const position = Math.min(this.#aim, this.duration ?? this.#aim);
		this.#aim = undefined;
		if (Math.abs(position - element.currentTime) > 0.01) element.currentTime = position;
	}

	#fail(): void {
		this.#failed = true;
		this.#wanted = false;
		this.#tell();
	}

	#tell(): void {
		if (!this.#deaf.signal.aborted) this.#changed();
	}
}

/**
 * Makes a seek to where an element stands none. Howler makes one before each play, for which Chromium throws away what it
 * has decoded and often asks the server once more: about a third of the wait for the first sound.
 */
function standStill(element: HTMLMediaElement): void {
	const place = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, 'currentTime');
	if (!place?.get || !place.set || Object.hasOwn(element, 'currentTime')) return;
	const { get, set } = place;
	Object.defineProperty(element, 'currentTime', {
		get,
		set(to: number) {
			if (to !== Reflect.apply(get, this, []) || this.seeking) Reflect.apply(set, this, [to]);
		}
	});
}

/** The media element that Howler keeps to itself: the one place that looks there. Throws when it has moved. */
function insideOf(howl: Howl): { element: HTMLMediaElement; id: number } {
	const { _sounds: sounds } = howl as unknown as { _sounds?: { _id?: unknown; _node?: unknown }[] };
	const { _id: id, _node: element } = sounds?.[0] ?? {};
	if (element instanceof HTMLMediaElement && typeof id === 'number') return { element, id };
	throw new Error('This version of Howler keeps its media element elsewhere than in _sounds[0]._node.');
}
