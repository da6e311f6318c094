import { parentPort, workerData } from 'node:worker_threads';
import { openForReading } from './database.ts';
import { walk, type Stretch } from './walk.ts';

// A thread that walks one stretch: tells how many entries more, and at last what it found.

const { directory, stretch }: { directory: string; stretch: Stretch } = workerData;
const database = openForReading(directory);
const walking = walk(database, stretch);
let step = walking.next();
for (; !step.done; step = walking.next()) parentPort?.postMessage({ more: step.value });
database.close();
parentPort?.postMessage({ walked: step.value });
