import type { Page } from '@playwright/test';

/** What goes out of a page to the loudspeaker, as an instrument at its end hears it. */
export interface Ears {
	/** The loudest sample of now, 0 for silence. */
	level(): Promise<number>;
	/** How loud the tone of so many hertz is now, in dB of full scale, for the left and the right ear. */
	tone(hertz: number): Promise<{ left: number; right: number }>;
	/** The frequency of the loudest tone of now, in hertz; exact to about 3 Hz. */
	pitch(): Promise<number>;
}

declare global {
	interface Window {
		ears: {
			/** What was last asked to play. */
			element: HTMLMediaElement | undefined;
			level(): number;
			spectrum(side: 'left' | 'right'): { hertz: number; decibels: number }[];
		};
	}
}

/** Puts ears at every way out of the page, before its own scripts run: what was mixed, and what an element plays plainly. */
export async function listenTo(page: Page): Promise<Ears> {
	await page.addInitScript(() => {
		const { connect } = AudioNode.prototype;
		const { play } = HTMLMediaElement.prototype;
		const instruments: Record<'left' | 'right', AnalyserNode>[] = [];
		const known = new WeakSet<HTMLMediaElement>();
		AudioNode.prototype.connect = function (this: AudioNode, to: AudioNode | AudioParam, ...ports: number[]) {
			if (to instanceof AudioDestinationNode) {
				const head = new GainNode(this.context, { channelCount: 2, channelCountMode: 'explicit' });
				const sides = new ChannelSplitterNode(this.context, { numberOfOutputs: 2 });
				const ear = (): AnalyserNode => new AnalyserNode(this.context, { fftSize: 16384, smoothingTimeConstant: 0 });
				const [left, right] = [ear(), ear()];
				instruments.push({ left, right });
				Reflect.apply(connect, this, [head]);
				Reflect.apply(connect, head, [sides]);
				Reflect.apply(connect, sides, [left, 0]);
				Reflect.apply(connect, sides, [right, 1]);
			}
			return Reflect.apply(connect, this, [to, ...ports]);
		} as typeof connect;
		HTMLMediaElement.prototype.play = function () {
			if (this.src) window.ears.element = this;
			if (!known.has(this)) {
				known.add(this);
				try {
					const context = new AudioContext();
					context.createMediaElementSource(this).connect(context.destination);
				} catch {
					// The page itself works upon this one's sound, and is heard at its own way out.
				}
			}
			return play.call(this);
		};
		window.ears = {
			element: undefined,
			level() {
				const ears = instruments.flatMap(({ left, right }) => [left, right]);
				const loudest = ears.map((ear) => {
					const samples = new Float32Array(2048);
					ear.getFloatTimeDomainData(samples);
					return Math.max(...samples.map(Math.abs));
				});
				return Math.max(0, ...loudest);
			},
			spectrum(side) {
				return instruments.flatMap(({ [side]: ear }) => {
					const bins = new Float32Array(ear.frequencyBinCount);
					ear.getFloatFrequencyData(bins);
					const width = ear.context.sampleRate / ear.fftSize;
					return [...bins].map((decibels, bin) => ({ hertz: bin * width, decibels: Math.max(-200, decibels) }));
				});
			}
		};
	});
	return {
		level: () => page.evaluate(() => window.ears.level()),
		tone: (hertz) =>
			page.evaluate((hertz) => {
				const [left = -200, right = -200] = (['left', 'right'] as const).map((side) => {
					const near = window.ears.spectrum(side).filter((tone) => Math.abs(tone.hertz - hertz) < 30);
					return Math.max(-200, ...near.map(({ decibels }) => decibels));
				});
				return { left, right };
			}, hertz),
		pitch: () =>
			page.evaluate(() => window.ears.spectrum('left').reduce((a, b) => (b.decibels > a.decibels ? b : a)).hertz)
	};
}
