import { readFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import type { Sound } from '../../src/ui/player/sound.ts';
import type { Voices } from '../../src/ui/player/mixer.ts';
import { tones } from './tones.ts';

// A page with nothing but the player's sound on it, and a server that gives what is to be played.

const soundFile = fileURLToPath(new URL('../../src/ui/player/sound.ts', import.meta.url));

/** How long the sounds made of tones are. */
export const seconds = 12;

/** One set of words for both kinds of sound. */
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
	/** Ours only. */
	voices: Voices;
	/** Ours only. */
	evened: boolean;
	/** Ours only. */
	readonly isPlain: boolean;
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
			get volume() { return sound.mix.volume; }, set volume(to) { sound.remix({ volume: to }); },
			get voices() { return sound.mix.voices; }, set voices(to) { sound.remix({ voices: to }); },
			get evened() { return sound.mix.evened; }, set evened(to) { sound.remix({ evened: to }); },
			get isPlain() { return sound.isPlain; },
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

/** A server of its own, on a port of its own. */
export interface SoundPage {
	readonly origin: string;
	/** The paths that were asked for, since `forget`. */
	readonly asked: string[];
	forget(): void;
	close(): Promise<void>;
}

/** Serves the page at `/` and under `/audio/` sounds of tones, one of speech, one that is cut and one that is not given. */
export async function serveSoundPage(): Promise<SoundPage> {
	const asked: string[] = [];
	const files: Record<string, { type: string; body: Uint8Array }> = {
		'/': {
			type: 'text/html',
			body: Buffer.from(
				'<!doctype html><title>sound</title><link rel="icon" href="data:,"><script type="module" src="/page.js"></script>'
			)
		},
		'/page.js': { type: 'text/javascript', body: Buffer.from(await bundle()) },
		'/audio/alaw': { type: 'audio/wav', body: tones(seconds, [{ hertz: 440, level: 0.5 }]) },
		'/audio/880': { type: 'audio/wav', body: tones(seconds, [{ hertz: 880, level: 0.5 }]) },
		'/audio/two': {
			type: 'audio/wav',
			body: tones(seconds, [
				{ hertz: 440, level: 0.25 },
				{ hertz: 1000, level: 0.25 }
			])
		},
		'/audio/loud': {
			type: 'audio/wav',
			body: tones(seconds, [
				{ hertz: 440, level: 0.95 },
				{ hertz: 460, level: 0.95 }
			])
		},
		// A customer 30 dB below the clerk.
		'/audio/unequal': {
			type: 'audio/wav',
			body: tones(seconds, [
				{ hertz: 440, level: 0.016 },
				{ hertz: 1000, level: 0.5 }
			])
		},
		'/audio/opus': {
			type: 'audio/webm',
			body: await readFile(new URL('../../static/headset-check.webm', import.meta.url))
		}
	};
	const server = createServer((request, response) => {
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
	const address = server.address();
	return {
		origin: `http://127.0.0.1:${address && typeof address === 'object' ? address.port : 0}`,
		asked,
		forget: () => void asked.splice(0),
		close: () => new Promise((resolve) => void server.close(() => resolve()))
	};
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
