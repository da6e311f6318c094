// A thread of its own: SQLite's calls block, and writing a large database anew takes seconds.
import { setTimeout as wait } from 'node:timers/promises';
import { DatabaseSync } from 'node:sqlite';
import { workerData } from 'node:worker_threads';

const { file, anew } = workerData;
const database = new DatabaseSync(String(file), { timeout: 60_000 });
try {
	database.exec('PRAGMA synchronous = FULL');
	if (anew) database.exec('VACUUM');
	// A reader that is in the middle of an answer keeps the log from being taken over whole, and from being emptied.
	const checkpoint = database.prepare(`PRAGMA wal_checkpoint(${anew ? 'TRUNCATE' : 'FULL'})`);
	for (let tries = 0; checkpoint.get()?.['busy'] !== 0; tries++) {
		if (tries === 50) throw new Error('the write-ahead log stays in use');
		await wait(100);
	}
} finally {
	database.close();
}
