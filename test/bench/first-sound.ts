import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { chromium, type Page } from '@playwright/test';
import playwright from '../../playwright.config.ts';
import { becomeKiosk } from '../support/browsing.ts';
import { furnish } from '../support/people.ts';
import { serve } from '../support/serving.ts';
import { tones } from '../support/tones.ts';
import { plantCalls, plantHearers, type Hearer } from './sound/hearers.ts';
import { instrument, measure, type Heard } from './sound/instrument.ts';
import { startNginx } from './sound/nginx.ts';
import { need } from './sound/tools.ts';
import { median, tell, type Figure } from './whole/figure.ts';

// From the tap to the sound, in Chromium: our kiosk, each time a visit of its own that nobody has played from, beside a
// bare page with an `<audio>` element and the plain file, both of nginx, and beside the same told to keep nothing, which
// the kiosk's browser may not do either. `npm run bench -- first-sound [rounds]`

const [rounds = 20] = process.argv.slice(2).map(Number);
const seconds = 300;
const share = 0.8;
need('nginx', 'ffmpeg', 'chromium');

const folder = await mkdtemp(path.join(os.tmpdir(), 'kuuntelupiste-bench-'));
const files = path.join(folder, 'files');
await mkdir(files);
const wav = path.join(files, 'call.wav');
await writeFile(wav, tones(seconds, [{ hertz: 440, level: 0.3 }]));
const kinds = [
	{ name: 'A-law in WAV', type: 'audio/wav', file: 'call.wav', codec: undefined },
	{ name: 'Opus in WebM', type: 'audio/webm', file: 'call.webm', codec: ['-c:a', 'libopus', '-b:a', '24k'] },
	{ name: 'MP3', type: 'audio/mpeg', file: 'call.mp3', codec: ['-c:a', 'libmp3lame', '-b:a', '32k'] }
];
for (const { file, codec } of kinds) {
	const to = path.join(files, file);
	if (codec) execFileSync('ffmpeg', ['-loglevel', 'error', '-i', wav, ...codec, to]);
	await writeFile(
		`${to}.html`,
		`<!doctype html><title>bare</title><link rel="icon" href="data:,"><button>Play</button><audio src="${file}" preload="none"></audio>
		<script>document.querySelector('button').onclick = () => document.querySelector('audio').play()</script>`
	);
}

const [nginx, ours] = await Promise.all([startNginx(files), serve(furnish)]);
const browser = await chromium.launch(playwright.use?.launchOptions);
try {
	const sounds = await Promise.all(kinds.map(({ file }) => readFile(path.join(files, file))));
	const calls = await plantCalls(ours, sounds);
	const superuser = await ours.superuser();
	const figures: Figure[] = [];
	const rows: Record<string, unknown>[] = [];
	for (const [index, { name, type, file }] of kinds.entries()) {
		const call = calls[index] ?? '';
		await superuser.collection('recordings').update(call, { audio_type: type, duration_ms: seconds * 1000 });
		const hearers = await plantHearers(ours, rounds + 1, () => [call]);
		const seen: Record<'bare' | 'unkept' | 'kiosk', Heard[]> = { bare: [], unkept: [], kiosk: [] };
		for (const [round, hearer] of hearers.entries()) {
			const onBarePage = (folder: string): Promise<Heard> =>
				inPage(nginx.origin, undefined, async (page) => {
					await page.goto(`${folder}/${file}.html`);
					return measure(page, 'Play', 'by its own clock', share);
				});
			const bare = await onBarePage('');
			const unkept = await onBarePage('/no-store');
			const kiosk = await inPage(ours.origin, hearer, async (page) => {
				await page.goto('/kiosk');
				// Drawn by the server, and now also what can be pressed.
				await page.locator('h1:focus').waitFor();
				return measure(page, 'Kuuntele', '.lanes', share);
			});
			// In the first round the browser reads its own code from the disk.
			if (round === 0) continue;
			seen.bare.push(bare);
			seen.unkept.push(unkept);
			seen.kiosk.push(kiosk);
		}
		for (const [what, of] of [
			['clock moves', 'clockMs'],
			['first sound', 'signalMs'],
			['seek to 80 %', 'seekMs']
		] as const) {
			const [bare = NaN, unkept = NaN, kiosk = NaN] = [seen.bare, seen.unkept, seen.kiosk].map((all) =>
				median(all.map((one) => one[of]))
			);
			rows.push({
				sound: name,
				what,
				'nginx, ms': bare.toFixed(1),
				'nginx, no-store, ms': unkept.toFixed(1),
				'kiosk, ms': kiosk.toFixed(1),
				'kiosk : nginx': (kiosk / bare).toFixed(2),
				'kiosk : no-store': (kiosk / unkept).toFixed(2)
			});
			if (of !== 'clockMs')
				figures.push({ what: `${name}, ${what}, beside a bare page of nginx`, figure: kiosk / bare, most: 1.2 });
		}
	}
	console.table(rows);
	tell(...figures);
	const missed = figures.filter(({ figure, most = Infinity }) => figure > most);
	console.log(missed.length === 0 ? 'Every aim is met.' : `${missed.length} of ${figures.length} aims are not met.`);
} finally {
	await browser.close();
	await Promise.all([nginx.stop(), ours.remove()]);
	await rm(folder, { recursive: true, force: true });
}

/** A browser that has never been anywhere, at a kiosk when there is one. */
async function inPage(
	origin: string,
	hearer: Hearer | undefined,
	look: (page: Page) => Promise<Heard>
): Promise<Heard> {
	const context = await browser.newContext({
		viewport: { width: 1080, height: 1920 },
		baseURL: origin,
		locale: 'fi-FI'
	});
	try {
		if (hearer) await becomeKiosk(context, origin, hearer.cookie.split('=')[1] ?? '');
		const page = await context.newPage();
		await instrument(page, { plain: hearer === undefined });
		return await look(page);
	} finally {
		await context.close();
	}
}
