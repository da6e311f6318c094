import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { StatementSync } from 'node:sqlite';
import { Temporal } from 'temporal-polyfill';
import { newId, written } from '#pocketbase/collection.ts';
import { fill, type Filling } from '#pocketbase/filling.ts';
import { classOf } from '#recordings/length.ts';
import { termOfDay } from '#recordings/term.ts';
import type { Keyring } from '#sealing/keyring.ts';
import { seal } from '#sealing/seal.ts';
import { calls, callsFolder } from './calls.ts';
import { addAgents, type ManyAgent } from './many-people.ts';

const perAgent = 5000;
const openMs = 13 * 3600_000;
// ext4 gives a file 65,000 names at the most.
const mostNames = 60_000;

/**
 * Adds so many invented calls to a demo whose PocketBase is stopped: a national call centre's half a year, for
 * measuring. Each opens and plays, though as one of the demo's few calls; its number, length and agent are invented.
 */
export async function addMany(
	data: string,
	keyring: Pick<Keyring, 'recipientFor'>,
	rows: number,
	show: (done: number, total: number) => void
): Promise<void> {
	await fill(data, 'recordings', async (filling) => {
		const { database } = filling;
		const agents = addAgents(database, Math.ceil(rows / perAgent));
		const samples = await samplesIn(database);
		let done = 0;
		database.exec('BEGIN');
		for (const [index, { day, count }] of daysOf(rows, new Date()).entries()) {
			const sample = samples[index % samples.length];
			if (!sample) throw new Error('The demo has no calls.');
			const sealed = await seal(sample.plain, await keyring.recipientFor(day));
			addDay(filling, { day, count, agents, sealed, sample: sample.stored });
			show((done += count), rows);
		}
		database.exec('COMMIT');
	});
}

type Row = Record<string, string | number>;

interface Day {
	day: string;
	count: number;
	agents: readonly ManyAgent[];
	/** The sound of all its calls, sealed to the day's key, and what is stored of it. */
	sealed: Uint8Array;
	sample: Row;
}

function addDay({ database, write, share }: Filling, { day, count, agents, sealed, sample }: Day): void {
	const opens = Temporal.PlainDate.from(day).toZonedDateTime({ timeZone: 'Europe/Helsinki', plainTime: '08:00' });
	const times = Array.from({ length: count }, () => Math.floor(Math.random() * openMs)).sort((a, b) => a - b);
	const facts = { key_day: day, destroy_after: written(termOfDay(day)), checked: written(new Date()) };
	const file = `sealed_${randomBytes(5).toString('hex')}.age`;
	let first = '';
	let add: StatementSync | undefined;
	for (const [index, time] of times.entries()) {
		const id = newId();
		if (index % mostNames === 0) write((first = id), file, sealed);
		else share(id, file, first);
		const agent = agents[Math.floor(Math.random() * agents.length)];
		const answered = new Date(opens.epochMilliseconds + time);
		const durationMs = someLength();
		const row: Row = {
			...sample,
			...facts,
			...someCall(),
			id,
			answered: written(answered),
			disconnected: written(new Date(answered.getTime() + durationMs)),
			duration_ms: durationMs,
			length_class: classOf(durationMs),
			employee: agent?.id ?? '',
			employee_name: agent?.name ?? '',
			team: agent?.team ?? '',
			audio: file,
			// A random key is nobody's: no call that is brought in later is taken for one of these.
			source_key: randomBytes(32).toString('hex'),
			original_sha256: randomBytes(32).toString('hex'),
			created: facts.checked
		};
		add ??= database.prepare(
			`INSERT INTO recordings (${Object.keys(row).join(', ')}) VALUES (:${Object.keys(row).join(', :')})`
		);
		add.run(row);
	}
}

/** Most calls take some minutes, few an hour, and none more than two. */
function someLength(): number {
	const normal = Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
	return Math.round(Math.min(7200_000, Math.max(5000, 180_000 * Math.exp(0.9 * normal))));
}

function someCall(): Row {
	const sold = Math.random() < 0.2;
	return {
		direction: Math.random() < (sold ? 0.9 : 0.15) ? 'made' : 'received',
		line: sold ? 'telesales' : 'customer_service',
		service_number: sold ? '+358740020100' : `+358740010${1 + skewed(9)}00`,
		customer_number_masked: someMask()
	};
}

/** One in twenty withholds the number, one in a hundred calls from the same large customer. */
function someMask(): string {
	const which = Math.random();
	if (which < 0.05) return '';
	if (which < 0.06) return '+358491000***';
	return `+35849${1000 + Math.floor(Math.random() * 9000)}***`;
}

function skewed(most: number): number {
	return Math.floor(Math.random() ** 2 * most);
}

/** The days whose calls are still to be kept, the oldest first, with few calls at weekends; yesterday is the last. */
function daysOf(rows: number, now: Date): { day: string; count: number }[] {
	const today = Temporal.Instant.fromEpochMilliseconds(now.getTime())
		.toZonedDateTimeISO('Europe/Helsinki')
		.toPlainDate();
	const days: { day: string; weight: number }[] = [];
	for (
		let day = today.subtract({ months: 6 });
		Temporal.PlainDate.compare(day, today) < 0;
		day = day.add({ days: 1 })
	) {
		// A day more than needed, so that nothing is due while somebody measures.
		if (termOfDay(day.toString()).getTime() < now.getTime() + 24 * 3600_000) continue;
		days.push({ day: day.toString(), weight: day.dayOfWeek < 6 ? 1 : 0.25 });
	}
	const total = days.reduce((sum, { weight }) => sum + weight, 0);
	let [weighed, given] = [0, 0];
	return days.map(({ day, weight }) => {
		weighed += weight;
		const count = Math.round((rows * weighed) / total) - given;
		given += count;
		return { day, count };
	});
}

/** The demo's own calls: their sound, and what is stored of it. */
async function samplesIn(database: Filling['database']): Promise<{ plain: Buffer; stored: Row }[]> {
	const stored = database.prepare(
		'SELECT audio_type, audio_bytes, audio_sha256, peaks, channels FROM recordings WHERE audio_bytes = ?'
	);
	const samples = await Promise.all(calls.map(({ name }) => readFile(new URL(`${name}.webm`, callsFolder))));
	return samples.flatMap((plain) => {
		const row = stored.get(plain.length);
		return row ? [{ plain, stored: row as Row }] : [];
	});
}
