import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { Failure } from '#failures.ts';
import type { Bucket, Listed } from './bucket.ts';
import { mustBeId, type Storage } from './storage.ts';

/** The files of one collection in a bucket, where PocketBase puts them: `COLLECTION/RECORD/FILE`. */
export function bucketStorage(bucket: Bucket, collection: string): Storage {
	const folder = `${collection}/`;
	const prefixOf = (record: string): string => `${folder}${mustBeId(record)}/`;
	const keyOf = (record: string, file: string): string => `${prefixOf(record)}${file}`;
	const of = (record: string): Promise<Listed[]> => Array.fromAsync(bucket.list(prefixOf(record)));
	let versions: ReturnType<Bucket['versions']> | undefined;

	async function size(record: string, file: string): Promise<number | undefined> {
		const key = keyOf(record, file);
		return (await of(record)).find((one) => one.key === key)?.size;
	}
	return {
		async folders() {
			const names = await Array.fromAsync(bucket.folders(folder));
			return names.map((name) => name.slice(folder.length, -1));
		},
		size,
		has: async (record, file) => (await size(record, file)) !== undefined,
		async changedMs(record) {
			const times = (await of(record)).map(({ lastModified }) => lastModified.getTime());
			return times.length > 0 ? Math.max(...times) : Infinity;
		},
		async sha256(record, file) {
			const body = await bucket.get(keyOf(record, file));
			if (!body) return undefined;
			const digest = createHash('sha256');
			await read(bucket, async () => {
				for await (const bytes of body) digest.update(bytes);
			});
			return digest.digest('hex');
		},
		async read(record, file) {
			const body = await bucket.get(keyOf(record, file));
			if (!body) throw new Failure('missing', 'file');
			return read(bucket, () => buffer(body));
		},
		write: (record, file, bytes) => bucket.put(keyOf(record, file), bytes),
		async keepOnly(record, file) {
			const key = keyOf(record, file);
			const there = await of(record);
			// What a store has confirmed is kept by it; that it confirmed this one is seen here.
			if (!there.some((one) => one.key === key)) throw new Failure('unavailable', 'storage');
			for (const one of there) if (!one.key.startsWith(key)) await bucket.remove(one.key);
		},
		async remove(record) {
			if ((await (versions ??= bucket.versions())) === 'kept') {
				throw new Failure('unavailable', 'storage', {
					detail: `The bucket ${bucket.name} keeps versions of what is deleted: nothing in it can be destroyed. Turn versioning off, in a new bucket if need be.`
				});
			}
			for (const { key } of await of(record)) await bucket.remove(key);
			if ((await of(record)).length === 0) return;
			throw new Failure('unavailable', 'storage', { detail: `The bucket ${bucket.name} keeps what was deleted.` });
		}
	};
}

async function read<T>(bucket: Bucket, work: () => Promise<T>): Promise<T> {
	return work().catch(() => {
		throw new Failure('unavailable', 'storage', { detail: `The S3 store ${bucket.name} broke off.` });
	});
}
