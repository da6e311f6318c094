import { rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { isFailure } from '#failures.ts';
import { several } from '#several.ts';
import { Turns } from '#turns.ts';
import type { Export, Row } from './call.ts';
import { readExport } from './export.ts';
import type { Mapping } from './mapping.ts';
import { add, type Ground, type Manner } from './new-recording.ts';
import { isRejectionReason, type Rejection } from './rejection.ts';

/** What went in and what did not. */
export interface Intake {
	imported: number;
	known: number;
	/** Calls whose six months are over: they are left where they are. */
	past: number;
	rejected: Rejection[];
	/** Calls that went in although audio and call differ in length by more than two seconds (§ 6); in ms, audio − call. */
	warnings: { line: number; differenceMs: number }[];
	/** What a line counts: a line of the file, or a sidecar. */
	unit: Export['unit'];
}

/** What an intake is told besides the folder. */
export interface Orders {
	/** How another system's file is read. */
	mapping?: Mapping | undefined;
	/** Says what would happen, and stores nothing. */
	dryRun?: boolean | undefined;
	/** Removes a call's files once it is stored, read back and opened. */
	removeOriginals?: boolean | undefined;
	/** Called after each call. */
	onProgress?: ((done: number, total: number, so: Readonly<Intake>) => void | Promise<void>) | undefined;
}

// While one call waits for the database, each core has another to decode; more than eight are too much for the memory.
const atOnce = Math.min(availableParallelism(), 8) + 1;
const allowedDifferenceMs = 2000;

/**
 * Takes in a recorder's export. Each good call is sealed and stored, once, however often it is brought; each bad one is
 * rejected and the rest goes in. Refuses as a whole as `readExport` does, and stops with `unavailable` when database,
 * keyring or ffmpeg are not there; what went in before stays, and the same folder can be brought again.
 */
export async function intake(ground: Ground, folder: string, orders: Orders = {}): Promise<Intake> {
	const { rows, rejected, beside, unit } = await readExport(folder, ground.employeeOf, orders.mapping);
	const result: Intake = { imported: 0, known: 0, past: 0, rejected, warnings: [], unit };
	const total = rows.length + rejected.length;
	let done = rejected.length;
	await orders.onProgress?.(done, total, result);
	const manner = { turns: new Turns(), dryRun: orders.dryRun ?? false };
	await several(rows, atOnce, async (row) => {
		await takeRow(ground, folder, row, { ...orders, ...manner }, result);
		await orders.onProgress?.(++done, total, result);
	});
	if (orders.removeOriginals && !orders.dryRun && result.rejected.length + result.past === 0) {
		await remove(folder, beside);
	}
	result.rejected.sort((one, other) => one.line - other.line);
	result.warnings.sort((one, other) => one.line - other.line);
	return result;
}

async function takeRow(
	ground: Ground,
	folder: string,
	row: Row,
	{ removeOriginals, ...manner }: Orders & Manner,
	result: Intake
): Promise<void> {
	const { line, call, audio, beside = [] } = row;
	try {
		const taken = await add(ground, folder, row, manner);
		if (taken === 'past_retention') return void result.past++;
		if (removeOriginals && !manner.dryRun) await remove(folder, [...audio, ...beside]);
		if (taken === 'known') return void result.known++;
		result.imported++;
		if (Math.abs(taken.differenceMs) > allowedDifferenceMs) result.warnings.push({ line, ...taken });
	} catch (fault) {
		if (!isFailure(fault) || fault.kind !== 'invalid' || !isRejectionReason(fault.reason)) throw fault;
		result.rejected.push({ line, reason: fault.reason, call });
	}
}

async function remove(folder: string, files: readonly string[]): Promise<void> {
	for (const file of files) await rm(path.join(folder, file), { force: true });
}
