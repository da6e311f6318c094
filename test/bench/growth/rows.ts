import { randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { newId, written } from '#pocketbase/collection.ts';
import { destroyAfter } from '#recordings/term.ts';

/** Rows of recordings that are alike but for their ids, to be put straight into a stopped PocketBase. */
export interface Alike {
	employee: string;
	answered: Date;
	/** The day of its key. */
	day: string;
	/** How long its sound is, in bytes. */
	bytes: number;
}

export const sealedName = 'sealed_0123456789.age';
export const peaks = JSON.stringify([Array(800).fill(50), Array(800).fill(50)]);

/** Adds so many of them; `onRow` gets the id of each. */
export function addAlike(
	database: DatabaseSync,
	count: number,
	{ employee, answered, day, bytes }: Alike,
	onRow: (id: string) => void
): void {
	const disconnected = new Date(answered.getTime() + 60_000);
	const row = {
		answered: written(answered),
		disconnected: written(disconnected),
		duration_ms: 60_000,
		length_class: 1,
		direction: 'received',
		line: 'customer_service',
		service_number: '+358740010100',
		customer_number_masked: '+358491730***',
		employee,
		employee_name: 'Aino Malli',
		audio: sealedName,
		audio_type: 'audio/ogg',
		audio_bytes: bytes,
		audio_sha256: '0'.repeat(64),
		key_day: day,
		peaks,
		channels: 2,
		destroy_after: written(destroyAfter(disconnected))
	};
	const names = [...Object.keys(row), 'id', 'source_key'];
	const add = database.prepare(`INSERT INTO recordings (${names.join(', ')}) VALUES (:${names.join(', :')})`);
	database.exec('BEGIN');
	for (let made = 0; made < count; made++) {
		const id = newId();
		add.run({ ...row, id, source_key: randomBytes(32).toString('hex') });
		onRow(id);
	}
	database.exec('COMMIT');
}
