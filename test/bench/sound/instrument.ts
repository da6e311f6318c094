import type { Page } from '@playwright/test';

/** How long from a tap, in milliseconds of the page's own clock. */
export interface Heard {
	/** Until the element's clock moved. */
	clockMs: number;
	/** Until there was a signal at the loudspeaker. */
	signalMs: number;
	/** Until it played on after a jump to this share of the call. */
	seekMs: number;
}

declare global {
	interface Window {
		instrument: {
			element: HTMLMediaElement | undefined;
			tapped: number;
			level(): number;
		};
	}
}

/**
 * Puts an instrument at every way out of the page, before its own scripts run. A plain page's element is led through a
 * context of ours; one that works upon its sound has its own.
 */
export async function instrument(page: Page, { plain }: { plain: boolean }): Promise<void> {
	await page.addInitScript((plain) => {
		const { connect } = AudioNode.prototype;
		const { play } = HTMLMediaElement.prototype;
		const ears: AnalyserNode[] = [];
		const known = new WeakSet<HTMLMediaElement>();
		AudioNode.prototype.connect = function (this: AudioNode, to: AudioNode | AudioParam, ...ports: number[]) {
			if (to instanceof AudioDestinationNode) {
				const ear = new AnalyserNode(this.context, { fftSize: 256 });
				ears.push(ear);
				Reflect.apply(connect, this, [ear]);
			}
			return Reflect.apply(connect, this, [to, ...ports]);
		} as typeof connect;
		HTMLMediaElement.prototype.play = function () {
			if (this.src) window.instrument.element = this;
			if (plain && !known.has(this)) {
				known.add(this);
				const context = new AudioContext();
				context.createMediaElementSource(this).connect(context.destination);
			}
			return play.call(this);
		};
		window.instrument = {
			element: undefined,
			tapped: 0,
			level() {
				const samples = new Float32Array(256);
				let loudest = 0;
				for (const ear of ears) {
					ear.getFloatTimeDomainData(samples);
					for (const sample of samples) loudest = Math.max(loudest, Math.abs(sample));
				}
				return loudest;
			}
		};
		addEventListener('click', () => (window.instrument.tapped = performance.now()), { capture: true });
	}, plain);
}

/** Taps the button that plays, and measures; then has the page jump (`jump` runs in it) to a share of the call. */
export async function measure(page: Page, button: string, jump: string, share: number): Promise<Heard> {
	// The tap is made by the browser, so the page may make sound; what it led to is measured inside the page.
	const heard = page.evaluate(firstSound);
	await page.getByRole('button', { name: button, exact: true }).click();
	return { ...(await heard), seekMs: await page.evaluate(seek, { jump, share }) };
}

async function firstSound(): Promise<Omit<Heard, 'seekMs'>> {
	const { instrument } = window;
	instrument.tapped = 0;
	const until = async (is: () => boolean): Promise<number> => {
		const began = performance.now();
		while (!is()) {
			if (performance.now() - began > 20_000) throw new Error('it never sounded');
			await new Promise((resolve) => setTimeout(resolve, 2));
		}
		return performance.now() - instrument.tapped;
	};
	const [clockMs, signalMs] = await Promise.all([
		until(() => instrument.tapped > 0 && (instrument.element?.currentTime ?? 0) > 0),
		until(() => instrument.tapped > 0 && instrument.level() > 0.01)
	]);
	return { clockMs, signalMs };
}

async function seek({ jump, share }: { jump: string; share: number }): Promise<number> {
	const { element } = window.instrument;
	if (!element) throw new Error('nothing plays');
	const to = element.duration * share;
	const began = performance.now();
	if (jump === 'by its own clock') element.currentTime = to;
	else {
		const lanes = document.querySelector(jump);
		if (!lanes) throw new Error('no picture of the call');
		const { left, width, top } = lanes.getBoundingClientRect();
		const place = { clientX: left + width * share, clientY: top + 10, bubbles: true };
		lanes.dispatchEvent(new PointerEvent('pointerdown', place));
	}
	// It has jumped, and goes on from there.
	let landed: number | undefined;
	while (landed === undefined || element.currentTime <= landed) {
		if (performance.now() - began > 20_000) throw new Error('it never came there');
		await new Promise((resolve) => setTimeout(resolve, 2));
		const there = !element.seeking && !element.paused && Math.abs(element.currentTime - to) < 3;
		if (there) landed ??= element.currentTime;
	}
	return performance.now() - began;
}
