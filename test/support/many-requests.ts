import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { written } from '#pocketbase/collection.ts';
import { alikeFields } from '#requests/alike.ts';

const day = 24 * 3600_000;
const openStates = ['received', 'matched', 'booked', 'heard'];

/**
 * Copies one request of a data folder until there are `total`: one in ten is open, in each of the states, and each has
 * its own time. Past PocketBase, into its file, since a desk takes years for so many.
 */
export function multiplyRequests(data: string, sample: string, total: number): void {
	const database = new DatabaseSync(path.join(data, 'pocketbase', 'data.db'), { timeout: 10_000 });
	const columns = database
		.prepare('SELECT name FROM pragma_table_info(?)')
		.all('requests')
		.map(({ name }) => String(name));
	const changed = ['id', 'state', 'closed_as', 'closed', 'received', 'due', 'name', 'alike_name'];
	const copy = database.prepare(
		`INSERT INTO requests (${columns.join(', ')}) SELECT ${columns.map((name) => (changed.includes(name) ? `:${name}` : name)).join(', ')} FROM requests WHERE id = :sample`
	);
	database.exec('BEGIN');
	for (let count = 0; count < total - 1; count++) {
		const isOpen = count % 10 === 0;
		const state = isOpen ? (openStates[(count / 10) % 4] ?? '') : 'closed';
		const received = new Date(Date.now() - ((count * 7919) % total) * 600_000 - day);
		const name = `Asiakas ${count % 2000}`;
		copy.run({
			sample,
			id: `r${String(count).padStart(14, '0')}`,
			state,
			closed_as: isOpen ? '' : 'heard',
			closed: isOpen ? '' : written(new Date(received.getTime() + day / 2)),
			received: written(received),
			// Those that are booked are nearly due, so that most of a first page is of one state.
			due: written(new Date(received.getTime() + (state === 'booked' ? 5 : 30) * day)),
			name,
			alike_name: alikeFields({ name, reach: '' }).alike_name
		});
	}
	database.exec('COMMIT');
	database.close();
}
