import { createHash, randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { newId, written } from '#pocketbase/collection.ts';
import { destroyAfter } from '#recordings/term.ts';
import type { Orders, Swept } from '#retention/sweeping.ts';
import { sweep } from '#retention/sweep.ts';
import { helsinkiDay } from '#sealing/day.ts';
import { seal } from '#sealing/seal.ts';
import { openSealed } from '#sealing/sealed-file.ts';
import type { Person } from '#staff/person.ts';
import type { House } from '../../support/house.ts';

export const hour = 3600_000;
export const day = 24 * hour;

/** A planted call: its id, its Helsinki day, when its time is over, and what was said in it. */
export interface Planted {
	id: string;
	day: string;
	due: Date;
	plain: Buffer;
	/** A word in the row that occurs nowhere else. */
	marker: string;
}

type Ground = Pick<House, 'superuser'> & { register: Pick<House['register'], 'keyring'> };

/** A call that was answered then, sealed to its day's key and stored as the intake does it. */
export async function call(
	{ register, superuser }: Ground,
	employee: Person,
	answered: Date,
	{ minutes = 1, plain = randomBytes(200) }: { minutes?: number; plain?: Buffer } = {}
): Promise<Planted> {
	const disconnected = new Date(answered.getTime() + minutes * 60_000);
	const [keyDay, due, marker] = [helsinkiDay(answered), destroyAfter(disconnected), randomBytes(16).toString('hex')];
	const form = new FormData();
	const row = {
		id: newId(),
		answered: written(answered),
		disconnected: written(disconnected),
		duration_ms: minutes * 60_000,
		direction: 'received',
		line: 'customer_service',
		service_number: '+358200700',
		customer_number_masked: '+3585012345***',
		employee: employee.id,
		employee_name: `Somebody ${marker}`,
		team: employee.team,
		audio_type: 'audio/wav',
		audio_bytes: plain.length,
		audio_sha256: createHash('sha256').update(plain).digest('hex'),
		key_day: keyDay,
		peaks: JSON.stringify([[0, 50, 100]]),
		channels: 1,
		destroy_after: written(due),
		source_key: randomBytes(32).toString('hex')
	};
	for (const [name, value] of Object.entries(row)) form.set(name, String(value));
	const sealed = await seal(plain, await register.keyring.recipientFor(keyDay));
	form.set('audio', new Blob([Uint8Array.from(sealed)]), 'sealed.age');
	await superuser.collection('recordings').create(form);
	return { id: row.id, day: keyDay, due, plain, marker };
}

/** Sweeps with a trusted clock. */
export function sweepNow(house: House, orders: Partial<Orders> = {}): Promise<Swept> {
	return sweep(house.register, { driftMs: 0, silenceMs: 0, ...orders });
}

/** What is left of a call: its row, the files of its folder, its destruction record, and whether its sound opens. */
export async function leftOf(house: House, { id, plain }: Planted) {
	const { superuser, register, data } = house;
	const [row] = await superuser.collection('recordings').getFullList({ filter: `id = '${id}'` });
	const [record] = await superuser.collection('destructions').getFullList({ filter: `id = '${id}'` });
	const collectionId = (await superuser.collections.getOne('recordings')).id;
	const folder = path.join(data, 'pocketbase', 'storage', collectionId, id);
	const files = await readdir(folder).catch(() => undefined);
	let opens = false;
	if (row && files) {
		const bytes = await readFile(path.join(folder, String(row['audio'])));
		const source = { size: bytes.length, read: (at: number, length: number) => bytes.subarray(at, at + length) };
		const key = { id, keyDay: String(row['key_day']), ownKey: Boolean(row['own_key']) };
		opens = await register.keyring
			.identityOf(key)
			.then((identity) => openSealed(source, identity))
			.then((reader) => reader.read(0, reader.size))
			.then(
				(bytes) => plain.equals(bytes),
				() => false
			);
	}
	return {
		row: row !== undefined,
		folder: files !== undefined,
		opens,
		certified: Boolean(record?.['destroyed']),
		record
	};
}

/** The files below a folder in which any of these words stands. */
export async function filesWith(folder: string, words: string[]): Promise<string[]> {
	const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((one) => one.isFile());
	const found: string[] = [];
	for (const file of files) {
		const place = path.join(file.parentPath, file.name);
		const bytes = await readFile(place).catch(() => Buffer.alloc(0));
		if (words.some((word) => bytes.includes(word))) found.push(path.relative(folder, place));
	}
	return found.sort();
}
