import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { furnish } from '../support/people.ts';
import { serve } from '../support/serving.ts';
import { startBare } from './sound/bare.ts';
import { plantCalls, plantHearers, type Hearer } from './sound/hearers.ts';
import { load, type Answered } from './sound/load.ts';
import { startNginx } from './sound/nginx.ts';
import { need } from './sound/tools.ts';
import { median, tell, type Figure } from './whole/figure.ts';

// The sound of a call over HTTP: ours with everything on (who asks, may they, the line in the log, unsealing), beside
// nginx and beside a bare file server of node:http, which give the same bytes as a plain file. Each connection of ours
// is a kiosk with its own visit. `npm run bench -- audio [rounds]`

const [rounds = 5] = process.argv.slice(2).map(Number);
const MiB = 1024 * 1024;
const kinds = [
	{ name: '64 KiB of 5 MiB', size: 5 * MiB, length: 64 * 1024 },
	{ name: 'whole 1 MiB', size: MiB, length: 0 },
	{ name: 'whole 5 MiB', size: 5 * MiB, length: 0 }
];
const most = 64;

need('nginx', 'wrk');
const folder = await mkdtemp(path.join(os.tmpdir(), 'kuuntelupiste-bench-'));
const files = path.join(folder, 'files');
await mkdir(files);
// Each hears a call of their own, so for each there is a file of its own.
const sounds = Array.from({ length: most }, () => [MiB, 5 * MiB].map((size) => randomBytes(size)));
for (const [hearer, own] of sounds.entries()) {
	for (const sound of own) await writeFile(path.join(files, `${hearer}-${sound.length}.wav`), sound);
}
const [nginx, bare, ours] = await Promise.all([startNginx(files), startBare(files), serve(furnish)]);
try {
	const calls = await plantCalls(ours, sounds.flat());
	const hearers = await plantHearers(ours, most, (hearer) => calls.slice(2 * hearer, 2 * hearer + 2));
	const pathsOf = ({ recordings: [small, large] }: Hearer): Record<number, string> => ({
		[MiB]: `/audio/${small}`,
		[5 * MiB]: `/audio/${large}`
	});
	const servers = { nginx, bare, ours };
	const measure = (name: keyof typeof servers, { size, length }: (typeof kinds)[number], connections: number) => {
		const asks = hearers.slice(0, connections).map((hearer, index) => ({
			path: name === 'ours' ? (pathsOf(hearer)[size] ?? '') : `/${index}-${size}.wav`,
			cookie: hearer.cookie
		}));
		return load({ origin: servers[name].origin, asks, size, length, connections });
	};
	// The first request of each play, which writes its line and fetches the sealed file; and that the bytes are right.
	for (const [index, hearer] of hearers.entries()) {
		for (const sound of sounds[index] ?? []) {
			const headers = { Cookie: hearer.cookie, 'Sec-Fetch-Dest': 'audio', 'Sec-Fetch-Site': 'same-origin' };
			const answer = await fetch(`${ours.origin}${pathsOf(hearer)[sound.length]}`, { headers });
			if (!sound.equals(Buffer.from(await answer.arrayBuffer()))) throw new Error('the sound is not the same');
		}
	}
	const rows: Record<string, unknown>[] = [];
	const figures: Figure[] = [];
	for (const kind of kinds) {
		for (const connections of [1, 16, most]) {
			const seen: Record<keyof typeof servers, Answered[]> = { nginx: [], bare: [], ours: [] };
			for (let round = 0; round < rounds; round++) {
				for (const name of ['nginx', 'bare', 'ours'] as const) seen[name].push(await measure(name, kind, connections));
			}
			const rate = (of: Answered[]): number => median(of.map(({ megabytes }) => megabytes));
			const [ofNginx, ofBare, ofOurs] = [rate(seen.nginx), rate(seen.bare), rate(seen.ours)];
			const medianMs = median(seen.ours.map(({ medianMs }) => medianMs));
			rows.push({
				asked: kind.name,
				connections,
				'nginx, MB/s': Math.round(ofNginx),
				'node:http, MB/s': Math.round(ofBare),
				'ours, MB/s': Math.round(ofOurs),
				'ours : nginx': (ofOurs / ofNginx).toFixed(2),
				'ours : node:http': (ofOurs / ofBare).toFixed(2),
				'ours, median ms': medianMs.toFixed(2),
				'load at nginx, of a core': median(seen.nginx.map(({ busy }) => busy)).toFixed(2)
			});
			const what = `${kind.name}, ${connections} at once`;
			figures.push({ what: `${what}, beside node:http with the plain file`, figure: ofOurs / ofBare, least: 1 });
			if (kind.length === 0) continue;
			if (connections === 1) figures.push({ what: `${what}, median`, figure: medianMs, unit: 'ms', most: 1 });
			if (connections === 16) figures.push({ what: `${what}, beside nginx`, figure: ofOurs / ofNginx, least: 0.35 });
		}
	}
	console.table(rows);
	tell(...figures);
	const missed = figures.filter(({ figure, most, least }) => figure > (most ?? Infinity) || figure < (least ?? 0));
	console.log(missed.length === 0 ? 'Every aim is met.' : `${missed.length} of ${figures.length} aims are not met.`);
} finally {
	await Promise.all([nginx.stop(), bare.stop(), ours.remove()]);
	await rm(folder, { recursive: true, force: true });
}
