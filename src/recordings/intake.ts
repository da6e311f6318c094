import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Failure, isFailure } from '#failures.ts';
import { parseCalls, type Row } from './calls-csv.ts';
import { add, type Ground } from './new-recording.ts';
import { isRejectionReason, type Rejection } from './rejection.ts';

/** What went in and what did not. */
export interface Intake {
	imported: number;
	known: number;
	rejected: Rejection[];
	/** Calls that went in although audio and call differ in length by more than two seconds (§ 6); in ms, audio − call. */
	warnings: { line: number; differenceMs: number }[];
}

// ffmpeg takes a core while another call waits for the database.
const atOnce = 2;
const allowedDifferenceMs = 2000;

/**
 * Takes in a recorder's export: `calls.csv` and the audio files beside it. Each good row is sealed and stored, once,
 * however often it is brought; each bad row is rejected and the rest goes in. `onProgress` counts rows.
 * Refuses as a whole with `missing: calls_csv` or `invalid: calls_csv`, and stops with `unavailable` when database,
 * keyring or ffmpeg are not there; what went in before stays, and the same folder can be brought again.
 */
export async function intake(
	ground: Ground,
	folder: string,
	{ onProgress = () => undefined }: { onProgress?: (done: number, total: number) => void } = {}
): Promise<Intake> {
	const csv = await readFile(path.join(folder, 'calls.csv')).catch((cause: unknown) => {
		throw new Failure('missing', 'calls_csv', { cause, detail: 'The folder has no calls.csv that can be read.' });
	});
	const { rows, rejected } = parseCalls(csv);
	const result: Intake = { imported: 0, known: 0, rejected, warnings: [] };
	const total = rows.length + rejected.length;
	let done = rejected.length;
	let stopped = false;
	const queue = rows.values();
	const worker = async (): Promise<void> => {
		for (const row of queue) {
			if (stopped) return;
			await takeRow(ground, folder, row, result).catch((fault: unknown) => {
				stopped = true;
				throw fault;
			});
			onProgress(++done, total);
		}
	};
	onProgress(done, total);
	const workers = await Promise.allSettled(Array.from({ length: atOnce }, worker));
	const fault = workers.find((one) => one.status === 'rejected');
	if (fault) throw fault.reason;
	result.rejected.sort((one, other) => one.line - other.line);
	result.warnings.sort((one, other) => one.line - other.line);
	return result;
}

async function takeRow(ground: Ground, folder: string, { line, call }: Row, result: Intake): Promise<void> {
	try {
		const taken = await add(ground, folder, call);
		if (taken === 'known') {
			result.known++;
			return;
		}
		result.imported++;
		if (Math.abs(taken.differenceMs) > allowedDifferenceMs) result.warnings.push({ line, ...taken });
	} catch (fault) {
		if (!isFailure(fault) || fault.kind !== 'invalid' || !isRejectionReason(fault.reason)) throw fault;
		result.rejected.push({ line, reason: fault.reason });
	}
}
