import { parentPort, workerData } from 'node:worker_threads';
import { openForReading } from './database.ts';
import { walk, type Stretch } from './walk.ts';

// A thread that walks one stretch: tells now and then how many entries more, and at last what it found.

/** Whoever listens has a core to share with those who walk. */
const tellEvery = 10_000;

const { directory, stretch }: { directory: string; stretch: Stretch } = workerData;
const database = openForReading(directory);
const walking = walk(database, stretch);
let more = 0;
let step = walking.next();
for (; !step.done; step = walking.next()) {
	more += step.value;
	if (more < tellEvery) continue;
	parentPort?.postMessage({ more });
	more = 0;
}
database.close();
parentPort?.postMessage({ more, walked: step.value });
