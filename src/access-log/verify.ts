import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import type { DatabaseSync } from 'node:sqlite';
import { setImmediate as letOthers } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { Failure } from '#failures.ts';
import { openCheckpoint, readCheckpoints, type Checkpoint } from './checkpoint.ts';
import { fileOf, openForReading } from './database.ts';
import { keysOf, type LogKey } from './keys.ts';
import { walk, type Fault, type Stretch, type Walked } from './walk.ts';

export type { Fault };

/** What a verification found: whole up to its last entry, or the first break. */
export type Verdict =
	| {
			intact: true;
			entries: number;
			/** The last one that agreed: entries after it could have been rewritten without a trace. */
			checkpoint: Checkpoint | undefined;
	  }
	| { intact: false; sequence: number; fault: Fault };

type Signed = ReadonlyMap<number, Checkpoint[]>;
type OnMore = (entries: number) => void;

/** From so many entries on, stretches of the log are walked side by side in threads; fewer take less than a thread does. */
const worthThreads = 20_000;

/**
 * Walks the log from its first entry, read-only, also while the application writes on, and compares it with the signed
 * checkpoints beside it and in a second folder. Names the first break in the entries; a checkpoint that is not signed by
 * a key of the log counts when they are whole. Never throws for what it finds; refuses with `unavailable: checkpoints_unreadable`
 * when the second folder holds no checkpoints to compare with.
 */
export async function verify(
	directory: string,
	{
		checkpoints,
		publicKey,
		threads = availableParallelism(),
		onProgress
	}: {
		checkpoints?: string | undefined;
		/** A key of the log as the auditor holds it, in the note format's own form; else those beside the log, which prove less. */
		publicKey?: string | undefined;
		/** How many may walk side by side. */
		threads?: number;
		/** Told now and then how many entries have been looked at. */
		onProgress?: ((entries: number) => void) | undefined;
	} = {}
): Promise<Verdict> {
	const { keys, broken } = await keysOf(directory, { trusted: publicKey, outside: checkpoints });
	const outside = checkpoints === undefined ? [] : await readCheckpoints(checkpoints);
	if (!outside) {
		throw new Failure('unavailable', 'checkpoints_unreadable', {
			detail: `There are no checkpoints to compare with in ${checkpoints}.`
		});
	}
	const opened = [...((await readCheckpoints(directory)) ?? []), ...outside].map((note) => inItsTime(note, keys));
	const signed = Map.groupBy(
		opened.filter((note) => note !== undefined),
		({ size }) => size
	);
	let looked = 0;
	const verdict = await walkFile(directory, signed, threads, (more) => onProgress?.((looked += more)));
	if (!verdict.intact) return verdict;
	if (broken) return { intact: false, sequence: verdict.entries, fault: 'key_unsigned' };
	if (opened.includes(undefined)) return { intact: false, sequence: verdict.entries, fault: 'checkpoint_unsigned' };
	return verdict;
}

/** A checkpoint, signed by the key that signed when the log was so long: not by one before it, not by one after. */
function inItsTime(note: string, keys: LogKey[]): Checkpoint | undefined {
	for (const [index, { verifier, after }] of keys.entries()) {
		const found = openCheckpoint(note, verifier);
		if (found) return found.size >= after && found.size <= (keys[index + 1]?.after ?? Infinity) ? found : undefined;
	}
	return undefined;
}

async function walkFile(directory: string, signed: Signed, threads: number, onMore: OnMore): Promise<Verdict> {
	// Founded, and not used yet.
	if (signed.size === 0 && !existsSync(fileOf(directory))) return { intact: true, entries: 0, checkpoint: undefined };
	try {
		const database = openForReading(directory);
		try {
			const { before, entries } = extent(database);
			if (before) return { intact: false, sequence: 1, fault: 'inserted' };
			const walks = stretches(entries, entries < worthThreads ? 1 : threads, signed).map((stretch) =>
				entries < worthThreads ? walkHere(database, stretch, onMore) : walkBeside(directory, stretch, onMore)
			);
			return summed(await Promise.all(walks), entries, signed);
		} finally {
			database.close();
		}
	} catch {
		return { intact: false, sequence: 0, fault: 'unreadable' };
	}
}

/** Up to which entry the log goes, and whether one stands before the first. */
function extent(database: DatabaseSync): { before: boolean; entries: number } {
	// In two questions: SQLite answers each from an end of the tree, but both together by reading it all.
	const edges = database.prepare('SELECT (SELECT min(sequence) FROM entries), (SELECT max(sequence) FROM entries)');
	// An edited number may be larger than a JavaScript number holds.
	edges.setReadBigInts(true);
	const [lowest, highest] = Object.values(edges.get() ?? {});
	const most = BigInt(Number.MAX_SAFE_INTEGER);
	if (typeof lowest !== 'bigint' || typeof highest !== 'bigint') return { before: false, entries: 0 };
	return { before: lowest < 1n, entries: Number(highest < most ? highest : most) };
}

function stretches(entries: number, parts: number, signed: Signed): Stretch[] {
	const size = Math.max(1, Math.ceil(entries / parts));
	const hashes = new Map([...signed].map(([sequence, notes]) => [sequence, notes.map(({ hash }) => hash)]));
	return Array.from({ length: Math.max(1, Math.ceil(entries / size)) }, (_, part) => ({
		first: part * size + 1,
		last: Math.min((part + 1) * size, entries),
		signed: hashes
	}));
}

async function walkHere(database: DatabaseSync, stretch: Stretch, onMore: OnMore): Promise<Walked> {
	const walking = walk(database, stretch);
	for (let step = walking.next(); ; step = walking.next()) {
		if (step.done) return step.value;
		onMore(step.value);
		await letOthers();
	}
}

function walkBeside(directory: string, stretch: Stretch, onMore: OnMore): Promise<Walked> {
	const { promise, resolve, reject } = Promise.withResolvers<Walked>();
	const worker = new Worker(new URL('./walker.ts', import.meta.url), {
		workerData: { directory, stretch },
		// What it reads it drops at once.
		resourceLimits: { maxYoungGenerationSizeMb: 16, maxOldGenerationSizeMb: 64 }
	});
	worker.on('message', ({ more, walked }: { more?: number; walked?: Walked }) => {
		if (more !== undefined) onMore(more);
		if (walked) resolve(walked);
	});
	worker.on('error', reject);
	worker.on('exit', () => reject(new Error('the walk ended before its stretch did')));
	return promise;
}

function summed(walked: Walked[], entries: number, signed: Signed): Verdict {
	const broken = walked.find((stretch) => stretch.broken)?.broken;
	if (broken) return { intact: false, ...broken };
	if ([...signed.keys()].some((size) => size > entries)) {
		return { intact: false, sequence: entries + 1, fault: 'truncated' };
	}
	const agreed = Math.max(0, ...walked.map((stretch) => stretch.agreed));
	return { intact: true, entries, checkpoint: signed.get(agreed)?.at(-1) };
}
