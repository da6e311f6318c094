import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openHouse, type House } from '../../support/house.ts';
import * as plant from '../../support/plant.ts';
import { kuuntelupiste } from '../commands/running.ts';
import { ffmpeg, makeSound } from './make-sound.ts';

// Full numbers are planted wherever a recorder may leave one; after real imports they are nowhere but in the export.

let house: House;
const place = mkdtempSync(path.join(os.tmpdir(), 'kuuntelupiste-numbers-'));
const temporary = path.join(place, 'tmp');
beforeAll(async () => {
	house = await openHouse();
	await plant.person(house, ['agent'], { signInName: 'aino', name: 'Aino Malli' });
	mkdirSync(temporary);
});
afterAll(async () => {
	rmSync(place, { recursive: true, force: true });
	await house?.close();
});

const digits = ['491730561', '491730562', '491730563', '491730564', '491730565', '491730566', '491730567'];
const [good, spaced, named, tagged, beyond, sidecar, quoted] = digits;

/** Everything below a place in which one of the numbers stands, in one piece or as people write it. */
function holding(...places: string[]): string[] {
	const wanted = digits.flatMap((one) => {
		const parts = [one.slice(0, 2), one.slice(2, 5), one.slice(5)];
		return [one, parts.join(' '), parts.join('-')];
	});
	const words = wanted.flatMap((word) => ['-e', word]);
	const inside = spawnSync('grep', ['-rlaF', ...words, ...places], { encoding: 'utf8' }).stdout.split('\n');
	const names = places.flatMap((one) =>
		readdirSync(one, { recursive: true }).map((name) => path.join(one, String(name)))
	);
	return [
		...inside.filter((line) => line !== ''),
		...names.filter((name) => wanted.some((word) => name.includes(word)))
	];
}

const answered = new Date(Date.now() - 9 * 24 * 3600_000);
const times = (minutes: number): string => {
	const from = new Date(answered.getTime() + minutes * 60_000);
	return `${from.toISOString()},${new Date(from.getTime() + 2000).toISOString()}`;
};

function layCalls(folder: string): void {
	mkdirSync(folder, { recursive: true });
	makeSound(path.join(folder, 'good.wav'), []);
	makeSound(path.join(folder, `call-0${named}.wav`), [], { pitch: 500 });
	makeSound(path.join(folder, 'tagged.mp3'), ['-metadata', `comment=from +358${tagged}`, '-c:a', 'libmp3lame']);
	// A converted one, whose name the programs that convert it must not see either.
	ffmpeg(['-f', 'lavfi', '-i', 'sine=duration=2', '-c:a', 'adpcm_ms', path.join(folder, `0${beyond}.wav`)]);
	writeFileSync(path.join(folder, 'bad.wav'), `0${spaced} is no sound`);
	const row = (minutes: number, number: string, audio: string): string =>
		`${times(minutes)},received,customer_service,+35820071000,${number},aino,${audio}`;
	writeFileSync(
		path.join(folder, 'calls.csv'),
		[
			'answered,disconnected,direction,line,service_number,customer_number,employee,audio',
			row(0, `+358${good}`, 'good.wav'),
			row(1, `0${spaced}`.replace(/(...)(...)(...)/, '$1 $2 $3'), 'bad.wav'),
			row(2, `00358${named}`, `call-0${named}.wav`),
			row(3, `+358 ${tagged}`, 'tagged.mp3'),
			row(4, `0${beyond}`, `0${beyond}.wav`),
			row(5, `0${beyond}x`, 'good.wav'),
			row(6, `0${beyond}`, `../0${beyond}.wav`),
			`"0${quoted},${quoted}`
		].join('\n')
	);
}

function laySidecar(folder: string): void {
	mkdirSync(folder, { recursive: true });
	makeSound(path.join(folder, `0${sidecar}.wav`), [], { pitch: 600 });
	const [startTime, endTime] = times(7).split(',');
	writeFileSync(
		path.join(folder, `0${sidecar}_metadata.json`),
		JSON.stringify({
			...{ startTime, endTime, direction: 'inbound', serviceNumber: 'tel:+35820071000', note: `0${sidecar}` },
			participants: [
				{ purpose: 'customer', address: `tel:+358${sidecar}`, name: `0${sidecar}` },
				{ purpose: 'agent', userName: 'aino@posti.example' }
			]
		})
	);
}

test('no full number is in the data folder, in what is said, in the report or in a temporary folder, ever', async () => {
	const [calls, sidecars] = [path.join(place, 'calls'), path.join(place, 'sidecars')];
	layCalls(calls);
	laySidecar(sidecars);
	const report = path.join(place, 'reports', 'rejected.csv');
	const environment = {
		KUUNTELUPISTE_DATA: house.data,
		KUUNTELUPISTE_MASTER_KEY: house.masterKey,
		TMPDIR: temporary
	};
	// Where it is planted it is found: the search below can fail.
	expect(holding(calls, sidecars).length).toBeGreaterThan(6);

	const seen = new Set<string>();
	const watching = setInterval(() => holding(temporary).forEach((file) => seen.add(file)), 200);
	const first = await kuuntelupiste(['import', calls, '--report', report], environment);
	const second = await kuuntelupiste(['import', sidecars], environment);
	const third = await kuuntelupiste(['import', path.join(place, `0${good}`)], environment);
	clearInterval(watching);

	expect(first.out).toBe('3 imported, 0 already known, 0 past retention, 5 rejected\n');
	expect(second.out).toBe('1 imported, 0 already known, 0 past retention, 0 rejected\n');
	expect(third.code).toBe(1);
	const said = path.join(place, 'said');
	mkdirSync(said);
	writeFileSync(path.join(said, 'all'), [first, second, third].map(({ out, err }) => out + err).join('\n'));
	expect(holding(house.data, said, path.dirname(report), temporary)).toEqual([]);
	expect([...seen]).toEqual([]);
	// What PocketBase writes besides its data: its log of requests.
	expect(readdirSync(path.join(house.data, 'pocketbase'))).toContain('auxiliary.db');
}, 120_000);
