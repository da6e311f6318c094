import { readFile } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { expect, test, type Page } from '@playwright/test';
import { build } from 'vite';
import type { Sound } from '../../src/ui/player/sound.ts';

// The contract of the player's sound: what holds for a plain media element holds for ours, over Howler, too.

const seconds = 12;
const soundFile = fileURLToPath(new URL('../../src/ui/player/sound.ts', import.meta.url));
const files: Record<string, { type: string; body: Uint8Array }> = {};
let server: Server;
let origin: string;
let asked: string[] = [];

interface Heard {
	play(): void;
	pause(): void;
	seek(position: number): void;
	dispose(): void;
	volume: number;
	rate: number;
	readonly position: number;
	readonly duration: number | undefined;
	readonly silent: boolean;
	readonly ended: boolean;
	readonly failed: boolean;
	readonly element: HTMLMediaElement | undefined;
	/** Starts of seeks, for counting. */
	readonly seeks: number;
}

declare global {
	interface Window {
		heard: Heard;
		Sound: typeof Sound;
		open(kind: 'ours' | 'plain', src: string): void;
	}
}

/** What the page runs: both kinds of sound behind one set of words. */
const pageScript = `
import { Sound } from ${JSON.stringify(soundFile)};
window.Sound = Sound;
let element, seeks;
for (const name of ['load', 'play']) {
	const itself = HTMLMediaElement.prototype[name];
	HTMLMediaElement.prototype[name] = function () {
		if (this.src && !this.src.startsWith('data:')) watch(this);
		return itself.call(this);
	};
}
function watch(found) {
	if (found === element) return;
	element = found;
	found.addEventListener('seeking', () => seeks++);
}
window.open = (kind, src) => {
	element = undefined;
	seeks = 0;
	const common = { get element() { return element; }, get seeks() { return seeks; } };
	if (kind === 'ours') {
		const sound = new Sound(src, { changed() {} });
		window.heard = Object.defineProperties(common, Object.getOwnPropertyDescriptors({
			play: () => sound.play(), pause: () => sound.pause(), seek: (to) => sound.seek(to), dispose: () => sound.dispose(),
			get volume() { return sound.volume; }, set volume(to) { sound.volume = to; },
			get rate() { return sound.rate; }, set rate(to) { sound.rate = to; },
			get position() { return sound.position; }, get duration() { return sound.duration; },
			get silent() { return sound.state !== 'playing'; }, get ended() { return sound.state === 'ended'; },
			get failed() { return sound.state === 'failed'; }
		}));
	} else {
		const audio = new Audio(src);
		watch(audio);
		window.heard = Object.defineProperties(common, Object.getOwnPropertyDescriptors({
			play: () => void audio.play().catch(() => {}), pause: () => audio.pause(),
			seek: (to) => { audio.currentTime = Math.min(Math.max(0, to), audio.duration); },
			dispose: () => { audio.pause(); audio.removeAttribute('src'); audio.load(); },
			get volume() { return audio.volume; }, set volume(to) { audio.volume = to; },
			get rate() { return audio.playbackRate; }, set rate(to) { audio.playbackRate = to; },
			get position() { return audio.currentTime; }, get duration() { return audio.duration; },
			get silent() { return audio.paused || audio.readyState < 3; }, get ended() { return audio.ended; },
			get failed() { return audio.error !== null; }
		}));
	}
};`;

test.beforeAll(async () => {
	files['/audio/alaw'] = { type: 'audio/wav', body: aLaw(seconds) };
	files['/audio/opus'] = {
		type: 'audio/webm',
		body: await readFile(new URL('../../static/headset-check.webm', import.meta.url))
	};
	files['/'] = {
		type: 'text/html',
		body: Buffer.from(
			'<!doctype html><title>sound</title><link rel="icon" href="data:,"><script type="module" src="/page.js"></script>'
		)
	};
	files['/page.js'] = { type: 'text/javascript', body: Buffer.from(await bundle()) };
	server = createServer((request, response) => {
		asked.push(request.url ?? '');
		if (request.url === '/audio/unavailable') return void response.writeHead(503).end();
		if (request.url === '/audio/cut') {
			// Cut off in the middle, and refused from then on: a visit that was ended.
			const first = asked.filter((url) => url === '/audio/cut').length === 1;
			return first
				? give(response, files['/audio/alaw'], request.headers.range, 40_000)
				: void response.writeHead(404).end();
		}
		give(response, files[request.url ?? ''], request.headers.range);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

test.afterAll(() => new Promise((resolve) => server.close(resolve)));

let complaints: string[] = [];
test.beforeEach(async ({ page }) => {
	complaints = [];
	page.on('console', (message) => {
		if (!message.text().startsWith('Failed to load resource')) complaints.push(message.text());
	});
	page.on('pageerror', (error) => complaints.push(error.message));
	await page.goto(origin);
	await page.waitForFunction(() => typeof window.open === 'function' && window.Sound);
	asked = [];
});
test.afterEach(() => expect(complaints).toEqual([]));

for (const kind of ['plain', 'ours'] as const) {
	test.describe(kind === 'plain' ? 'a plain element' : 'our sound', () => {
		test('plays A-law in WAV, although the browser says it may not', async ({ page }) => {
			await open(page, kind, '/audio/alaw');
			await page.evaluate(() => window.heard.play());
			await expect.poll(() => position(page)).toBeGreaterThan(0.3);
			expect(await loudness(page)).toBeGreaterThan(0.05);
			expect(await page.evaluate(() => window.heard.duration)).toBeCloseTo(seconds, 2);
		});

		test('plays Opus in WebM', async ({ page }) => {
			await open(page, kind, '/audio/opus');
			await page.evaluate(() => window.heard.play());
			await expect.poll(() => position(page)).toBeGreaterThan(0.3);
		});

		test('pauses where it is and goes on from there', async ({ page }) => {
			await playing(page, kind);
			await page.evaluate(() => window.heard.pause());
			const before = await position(page);
			expect(await silent(page)).toBe(true);
			await page.evaluate(() => window.heard.play());
			await expect.poll(() => silent(page)).toBe(false);
			expect(await position(page)).toBeGreaterThanOrEqual(before);
			expect(await position(page)).toBeLessThan(before + 2);
		});

		test('goes where it is sent, playing and paused', async ({ page }) => {
			await playing(page, kind);
			await page.evaluate(() => window.heard.seek(6));
			await expect.poll(() => position(page)).toBeGreaterThan(6.1);
			expect(await position(page)).toBeLessThan(8);
			await page.evaluate(() => window.heard.pause());
			await page.evaluate(() => window.heard.seek(3));
			expect(await position(page)).toBeCloseTo(3, 1);
			await page.evaluate(() => window.heard.play());
			await expect.poll(() => position(page)).toBeGreaterThan(3.1);
			expect(await position(page)).toBeLessThan(5);
		});

		test('sent past its end it stops there, and not beyond', async ({ page }) => {
			await playing(page, kind);
			await page.evaluate(() => window.heard.seek(1000));
			await expect.poll(() => page.evaluate(() => window.heard.ended)).toBe(true);
			expect(await position(page)).toBeCloseTo(seconds, 2);
			expect(await silent(page)).toBe(true);
		});

		test('after its end it begins again', async ({ page }) => {
			await playing(page, kind);
			await page.evaluate(() => window.heard.seek(11.8));
			await expect.poll(() => page.evaluate(() => window.heard.ended)).toBe(true);
			await page.evaluate(() => window.heard.play());
			await expect.poll(() => silent(page)).toBe(false);
			expect(await position(page)).toBeLessThan(3);
		});

		test('tells that somebody else paused it, and plays on when asked', async ({ page }) => {
			await playing(page, kind);
			await page.evaluate(() => window.heard.element?.pause());
			await expect.poll(() => silent(page)).toBe(true);
			const before = await position(page);
			await page.evaluate(() => window.heard.play());
			await expect.poll(() => position(page)).toBeGreaterThan(before + 0.1);
			expect(await position(page)).toBeLessThan(before + 2);
		});

		test('the last of quick presses counts', async ({ page }) => {
			await playing(page, kind);
			await page.evaluate(() => {
				window.heard.pause();
				window.heard.play();
				window.heard.pause();
				window.heard.play();
			});
			const before = await position(page);
			await expect.poll(() => position(page)).toBeGreaterThan(before + 0.3);
			await page.evaluate(() => {
				window.heard.play();
				window.heard.pause();
			});
			await page.waitForTimeout(300);
			expect(await silent(page)).toBe(true);
		});

		test('keeps its speed and its volume through a pause', async ({ page }) => {
			await playing(page, kind);
			await page.evaluate(() => {
				window.heard.rate = 2;
				window.heard.volume = 0.25;
				window.heard.pause();
				window.heard.play();
			});
			await expect.poll(() => silent(page)).toBe(false);
			expect(
				await page.evaluate(() => {
					const element = window.heard.element;
					return element && [element.playbackRate, element.volume, element.preservesPitch];
				})
			).toEqual([2, 0.25, true]);
		});

		test('cut off in the middle and then refused, it says that it failed', async ({ page }) => {
			await open(page, kind, '/audio/cut');
			await page.evaluate(() => {
				window.heard.play();
				window.heard.rate = 2;
			});
			await expect.poll(() => page.evaluate(() => window.heard.failed)).toBe(true);
			expect(await silent(page)).toBe(true);
		});

		test('says that it failed when the server gives nothing', async ({ page }) => {
			await open(page, kind, '/audio/unavailable');
			await page.evaluate(() => window.heard.play());
			await expect.poll(() => page.evaluate(() => window.heard.failed)).toBe(true);
			expect(await silent(page)).toBe(true);
		});
	});
}

test('nothing is asked of the server before the first play', async ({ page }) => {
	await open(page, 'ours', '/audio/alaw');
	await page.evaluate(() => window.heard.seek(4));
	await page.waitForTimeout(300);
	expect(asked).toEqual([]);
	await page.evaluate(() => window.heard.play());
	await expect.poll(() => position(page)).toBeGreaterThan(4.1);
	expect(new Set(asked)).toEqual(new Set(['/audio/alaw']));
});

test('many seeks at once are made as two: the first and the last', async ({ page }) => {
	await playing(page, 'ours');
	const before = await page.evaluate(() => window.heard.seeks);
	await page.evaluate(() => {
		for (let at = 1; at <= 9; at += 0.5) window.heard.seek(at);
	});
	expect(await position(page)).toBe(9);
	await expect.poll(() => position(page)).toBeGreaterThan(9.1);
	expect((await page.evaluate(() => window.heard.seeks)) - before).toBe(2);
});

test('a seek in the very moment of beginning is made', async ({ page }) => {
	await open(page, 'ours', '/audio/alaw');
	const passed = await page.evaluateHandle(() => {
		const { heard } = window;
		const positions: number[] = [];
		heard.play();
		// Howler's own first seek, to where it begins.
		heard.element?.addEventListener('seeking', () => heard.seek(8), { once: true });
		heard.element?.addEventListener('timeupdate', () => positions.push(heard.position));
		return positions;
	});
	await expect.poll(() => position(page)).toBeGreaterThan(8.1);
	expect((await passed.jsonValue()).filter((at) => at > 0 && at < 8)).toEqual([]);
});

test('a pause while it loads is a pause', async ({ page }) => {
	await open(page, 'ours', '/audio/alaw');
	await page.evaluate(() => {
		window.heard.play();
		window.heard.pause();
	});
	await page.waitForTimeout(700);
	expect(await page.evaluate(() => [window.heard.silent, window.heard.position])).toEqual([true, 0]);
});

test('opening another sound silences the first, and the same element serves again', async ({ page }) => {
	await playing(page, 'ours');
	const reused = await page.evaluate(async () => {
		const first = window.heard.element;
		window.open('ours', '/audio/opus');
		window.heard.play();
		while (window.heard.position < 0.2) await new Promise((resolve) => setTimeout(resolve, 20));
		return first === window.heard.element;
	});
	expect(reused).toBe(true);
});

test('disposed of, it is silent and lets go of its address', async ({ page }) => {
	await playing(page, 'ours');
	expect(
		await page.evaluate(() => {
			window.heard.dispose();
			return [window.heard.element?.paused, window.heard.element?.src.startsWith('data:')];
		})
	).toEqual([true, true]);
});

async function open(page: Page, kind: 'ours' | 'plain', src: string): Promise<void> {
	await page.evaluate(([kind, src]) => window.open(kind, src), [kind, src] as const);
}

async function playing(page: Page, kind: 'ours' | 'plain'): Promise<void> {
	await open(page, kind, '/audio/alaw');
	await page.evaluate(() => window.heard.play());
	await expect.poll(() => position(page)).toBeGreaterThan(0.1);
}

function position(page: Page): Promise<number> {
	return page.evaluate(() => window.heard.position);
}

function silent(page: Page): Promise<boolean> {
	return page.evaluate(() => window.heard.silent);
}

/** The loudest of what really comes out of the element, by an analyser behind it. */
function loudness(page: Page): Promise<number> {
	return page.evaluate(async () => {
		const context = new AudioContext();
		await context.resume();
		const analyser = context.createAnalyser();
		if (!window.heard.element) throw new Error('nothing plays');
		context.createMediaElementSource(window.heard.element).connect(analyser);
		await new Promise((resolve) => setTimeout(resolve, 300));
		const samples = new Float32Array(analyser.fftSize);
		analyser.getFloatTimeDomainData(samples);
		return Math.max(...samples.map(Math.abs));
	});
}

async function bundle(): Promise<string> {
	const result = await build({
		configFile: false,
		logLevel: 'error',
		build: { write: false, minify: false, rolldownOptions: { input: 'page' } },
		plugins: [
			{
				name: 'page',
				resolveId: (id) => (id === 'page' ? id : undefined),
				load: (id) => (id === 'page' ? pageScript : undefined)
			}
		]
	});
	const [output] = [result].flat();
	if (!output || !('output' in output)) throw new Error('no bundle');
	return output.output[0].code;
}

/** Answers with the range asked for; `cut` ends the connection after so many bytes. */
function give(
	response: ServerResponse,
	file: { type: string; body: Uint8Array } | undefined,
	range: string | undefined,
	cut = Infinity
): void {
	if (!file) return void response.writeHead(404).end();
	const { body, type } = file;
	const [, from] = /^bytes=(\d+)-/.exec(range ?? '') ?? [];
	const start = Number(from ?? 0);
	response.writeHead(range ? 206 : 200, {
		'Accept-Ranges': 'bytes',
		'Cache-Control': 'no-store',
		'Content-Length': body.length - start,
		'Content-Type': type,
		...(range ? { 'Content-Range': `bytes ${start}-${body.length - 1}/${body.length}` } : {})
	});
	if (start + cut >= body.length) return void response.end(body.subarray(start));
	response.write(body.subarray(start, start + cut));
	setTimeout(() => response.destroy(), 50);
}

/** A tone of 440 Hz as G.711 A-law in WAV, 8 kHz, one channel. */
function aLaw(length: number): Uint8Array {
	const samples = length * 8000;
	const header = Buffer.alloc(44);
	header.write('RIFF', 0);
	header.writeUInt32LE(36 + samples, 4);
	header.write('WAVEfmt ', 8);
	header.writeUInt32LE(16, 16);
	header.writeUInt16LE(6, 20);
	header.writeUInt16LE(1, 22);
	header.writeUInt32LE(8000, 24);
	header.writeUInt32LE(8000, 28);
	header.writeUInt16LE(1, 32);
	header.writeUInt16LE(8, 34);
	header.write('data', 36);
	header.writeUInt32LE(samples, 40);
	const body = Uint8Array.from({ length: samples }, (_, at) =>
		companded(Math.sin((2 * Math.PI * 440 * at) / 8000) * 16000)
	);
	return Buffer.concat([header, body]);
}

/** One sample of 16 bits in A-law (ITU-T G.711 § 3.1). */
function companded(sample: number): number {
	const sign = sample >= 0 ? 0x80 : 0;
	const magnitude = Math.min(4095, Math.floor(Math.abs(sample) / 8));
	const segment = Math.max(0, 31 - Math.clz32(magnitude) - 4);
	const step = (magnitude >> Math.max(1, segment)) & 0x0f;
	return (sign | (segment << 4) | step) ^ 0x55;
}
