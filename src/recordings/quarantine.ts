import { mkdir, open } from 'node:fs/promises';
import path from 'node:path';
import { stringify } from 'csv-stringify/sync';
import type { Intake } from './intake.ts';
import { rejections } from './rejection.ts';

/**
 * Writes what was rejected, and why, as a CSV that a spreadsheet opens and that holds masked numbers only; readable by
 * the owner. A file that is there is never written over: `EEXIST`.
 */
export async function writeReport(file: string, { rejected, unit }: Intake): Promise<void> {
	const rows = rejected.map(({ line, reason, column, call }) => ({
		[unit]: line,
		column: column ?? '',
		reason,
		what_is_wrong: rejections[reason],
		answered: call?.answered.toISOString() ?? '',
		customer_number_masked: call?.customerNumberMasked ?? '',
		employee: call?.employee ?? ''
	}));
	await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
	const handle = await open(file, 'wx', 0o600);
	try {
		await handle.writeFile(stringify(rows, { header: true, escape_formulas: true, bom: true }));
	} finally {
		await handle.close();
	}
}
