import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '#failures.ts';
import { readAsterisk } from './asterisk.ts';
import type { Export } from './call.ts';
import { parseCalls } from './calls-csv.ts';
import { readMapped } from './mapped.ts';
import type { Mapping } from './mapping.ts';
import type { Employee } from './new-recording.ts';
import { filesBelow, isBareName } from './originals.ts';
import { readSidecars, sidecarsAmong } from './sidecars.ts';

/** Where Asterisk's call detail records may lie. */
const masters = ['Master.csv', path.join('cdr-csv', 'Master.csv')];

/**
 * Reads what a folder exports: by a mapping if there is one, else `calls.csv`, Asterisk's `Master.csv`, or a tree of
 * `…_metadata.json`. Refuses with `missing: no_export` when it holds none of them, and as the form's own reader does.
 */
export async function readExport(
	folder: string,
	employeeOf: (signInName: string) => Promise<Employee | undefined>,
	mapping?: Mapping
): Promise<Export> {
	const files = await filesBelow(folder).catch((cause: unknown) => {
		throw new Failure('missing', 'no_export', { cause, detail: 'The folder cannot be read.' });
	});
	if (mapping) {
		if (!isBareName(mapping.file) || !files.includes(mapping.file)) {
			throw new Failure('missing', 'no_export', { detail: `The folder has no file ${mapping.file}.` });
		}
		return { unit: 'line', beside: [mapping.file], ...readMapped(await bytesOf(mapping.file), mapping) };
	}
	if (files.includes('calls.csv')) {
		return { unit: 'line', beside: ['calls.csv'], ...parseCalls(await bytesOf('calls.csv')) };
	}
	const master = masters.find((name) => files.includes(name));
	if (master) {
		return { unit: 'line', beside: [master], ...(await readAsterisk(await bytesOf(master), files, employeeOf)) };
	}
	if (sidecarsAmong(files).length > 0) return { unit: 'sidecar', beside: [], ...(await readSidecars(folder, files)) };
	throw new Failure('missing', 'no_export', {
		detail:
			'The folder has no calls.csv, no Master.csv and no …_metadata.json that can be read, and no mapping was given.'
	});

	function bytesOf(file: string): Promise<Uint8Array> {
		return readFile(path.join(folder, file));
	}
}
