/** How long a change of the mix takes, in seconds: too short to be heard as slow, too long to click. */
export const smooth = 0.015;

/**
 * One speaker's way through the mix: as it was recorded, or evened out. Each has a compressor of their own, so that a
 * loud clerk does not press down the customer who speaks meanwhile.
 */
export class Lane {
	/** Where the speaker's channel comes in. */
	readonly input: GainNode;
	readonly #plain: GainNode;
	readonly #evened: GainNode;

	constructor(context: BaseAudioContext, out: AudioNode) {
		this.input = context.createGain();
		this.#plain = context.createGain();
		this.#evened = context.createGain();
		// What is 30 dB apart comes out less than 10 dB apart; the node itself makes up for what it takes away. A lower
		// threshold would lift the line's hiss too.
		const evener = new DynamicsCompressorNode(context, {
			threshold: -40,
			knee: 10,
			ratio: 5,
			attack: 0.005,
			release: 0.25
		});
		this.input.connect(this.#plain).connect(out);
		this.input.connect(evener).connect(this.#evened).connect(out);
	}

	/** Lets this speaker be heard or not, evened out or as recorded. */
	set({ heard, evened }: { heard: boolean; evened: boolean }): void {
		slide(this.#plain, heard && !evened ? 1 : 0);
		slide(this.#evened, heard && evened ? 1 : 0);
	}
}

/** Moves a gain without a click, and to its very end: silence is none, not nearly none. */
export function slide({ gain, context }: GainNode, to: number): void {
	const from = gain.value;
	gain.cancelScheduledValues(0);
	gain.setValueAtTime(from, context.currentTime);
	gain.linearRampToValueAtTime(to, context.currentTime + smooth);
}
