import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { damaged, readText } from './sums.ts';

const file = 'backup.json';
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** What a copy says of itself. `register` is the data without the keys, `keys` the keys alone: two folders of one time. */
const Manifest = v.object({
	format: v.literal('kuuntelupiste/backup'),
	version: v.literal(1),
	part: v.picklist(['register', 'keys']),
	made: v.pipe(v.string(), v.isoTimestamp()),
	files: count,
	/** SHA-256 of the list of files. */
	sums: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
	recordings: v.optional(count),
	/** How far the access log went, and the hash of its last entry. */
	log: v.optional(v.object({ entries: count, hash: v.string() }))
});
export type Manifest = v.InferOutput<typeof Manifest>;

export async function writeManifest(folder: string, manifest: Omit<Manifest, 'format' | 'version'>): Promise<void> {
	const text = JSON.stringify({ format: 'kuuntelupiste/backup', version: 1, ...manifest }, undefined, '\t');
	await writeFile(path.join(folder, file), `${text}\n`, { flag: 'wx', mode: 0o600, flush: true });
}

/** Refuses with `invalid: backup_damaged` when the folder holds no such copy. */
export async function readManifest(folder: string, part: Manifest['part']): Promise<Manifest> {
	const text = await readText(path.join(folder, file));
	try {
		const manifest = v.parse(Manifest, JSON.parse(text));
		if (manifest.part === part) return manifest;
	} catch {
		// Whatever is wrong with it, it is not what was written.
	}
	return damaged(path.join(folder, file));
}
