import { Lane, slide } from './lane.ts';

/** Whose voice is let through. */
export const voices = ['both', 'customer', 'clerk'] as const;
export type Voices = (typeof voices)[number];

/** What goes to the ears. */
export interface Mix {
	/** From 0 to 1. */
	volume: number;
	/** Counts for a sound of two channels only: the customer's comes first. */
	voices: Voices;
	/** Whether loud and quiet are brought together. */
	evened: boolean;
}

/** How long the browser may take to let sound be worked upon, before it is played as it is. */
const patienceMs = 500;

/**
 * The way from the media element to the ears: the two speakers apart, then evened out, then together into both ears,
 * held below the loudest that the headset takes without crackling, and then the volume.
 */
export class Mixer {
	readonly context = new AudioContext();
	readonly #split: ChannelSplitterNode;
	readonly #lanes: { customer: Lane; clerk: Lane };
	readonly #volume: GainNode;
	// An element gives its sound to one source for good, and Howler uses elements again.
	readonly #sources = new WeakMap<HTMLMediaElement, MediaElementAudioSourceNode>();
	#taken: MediaElementAudioSourceNode | undefined;

	constructor() {
		const { context } = this;
		const limiter = new DynamicsCompressorNode(context, {
			threshold: -3,
			knee: 0,
			ratio: 20,
			attack: 0.001,
			release: 0.1
		});
		this.#volume = context.createGain();
		limiter.connect(this.#volume).connect(context.destination);
		this.#split = context.createChannelSplitter(2);
		this.#lanes = { customer: new Lane(context, limiter), clerk: new Lane(context, limiter) };
		// A sound of one channel comes out of the first alone.
		this.#split.connect(this.#lanes.customer.input, 0);
		this.#split.connect(this.#lanes.clerk.input, 1);
	}

	/** Takes an element's sound, and nobody else's from now on. False when somebody else has it already. */
	take(element: HTMLMediaElement): boolean {
		try {
			const source = this.#sources.get(element) ?? this.context.createMediaElementSource(element);
			this.#sources.set(element, source);
			this.#taken?.disconnect();
			source.connect(this.#split);
			this.#taken = source;
			return true;
		} catch {
			return false;
		}
	}

	/** Brings what is heard to a mix. */
	set({ volume, voices, evened }: Mix): void {
		this.#lanes.customer.set({ heard: voices !== 'clerk', evened });
		this.#lanes.clerk.set({ heard: voices !== 'customer', evened });
		slide(this.#volume, volume);
	}
}

let made: Mixer | undefined;

/**
 * The mixer of this page, running. Undefined when the browser has none or keeps it silent: an element whose sound it
 * took would be silent too, so the sound must then go its plain way.
 */
export async function openMixer(): Promise<Mixer | undefined> {
	try {
		made ??= new Mixer();
		const { context } = made;
		await Promise.race([context.resume(), new Promise((resolve) => setTimeout(resolve, patienceMs))]);
		return context.state === 'running' ? made : undefined;
	} catch {
		return undefined;
	}
}
