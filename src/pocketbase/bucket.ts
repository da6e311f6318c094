import { S3Client, S3Errors, type S3Object } from '@bradenmacdonald/s3-lite-client';
import { Failure } from '#failures.ts';
import type { StoreSettings } from './data-file.ts';

/** Whether a bucket keeps what is deleted from it; of some stores nobody can tell. */
export type Versions = 'none' | 'kept' | 'unknown';

/** One object of a bucket. */
export type Listed = Pick<S3Object, 'key' | 'size' | 'lastModified'>;

/**
 * A bucket in an S3 store, which is trusted with nothing: what lies there is ciphertext. Everything refuses with
 * `unavailable: storage` when the store does not answer, or answers no.
 */
export interface Bucket {
	/** Where it is, for whoever keeps the register running. */
	readonly name: string;
	/** The objects below a prefix. */
	list(prefix: string): AsyncGenerator<Listed>;
	/** The prefixes one level below a prefix, up to and with their `/`. */
	folders(prefix: string): AsyncGenerator<string>;
	/** An object's bytes; undefined when it is not there. */
	get(key: string): Promise<AsyncIterable<Uint8Array> | undefined>;
	put(key: string, bytes: Uint8Array): Promise<void>;
	/** Removes an object; one that is not there is no fault. */
	remove(key: string): Promise<void>;
	/** Whether it is there, and this key may look into it; asked within so many ms. */
	reach(ms?: number): Promise<void>;
	/** Asks whether it is there, and whether it keeps versions. Object lock needs versions. */
	versions(): Promise<Versions>;
}

/** A small request must be answered so soon, and a large one. */
const [patienceMs, longPatienceMs] = [10_000, 120_000];

/** The bucket that PocketBase's settings name. */
export function openBucket(settings: StoreSettings): Bucket {
	const { endpoint, bucket } = settings;
	const name = `${endpoint.replace(/^https?:\/\//, '').replace(/\/+$/, '')}/${bucket}`;

	const client = clientOf(settings, name);

	async function* all(prefix: string, delimiter?: string) {
		const some = client.listObjectsGrouped({ prefix, delimiter: delimiter ?? '', pageSize: 1000 });
		for (;;) {
			const next = await answered(name, patienceMs, () => some.next());
			if (next.done) return;
			yield next.value;
		}
	}
	async function reach(ms = patienceMs): Promise<void> {
		await answered(name, ms, () => client.listObjects({ prefix: 'is-it-there', maxResults: 1 }).next());
	}
	return {
		name,
		reach,
		async *list(prefix) {
			for await (const one of all(prefix)) if (one.type === 'Object') yield one;
		},
		async *folders(prefix) {
			for await (const one of all(prefix, '/')) if (one.type === 'CommonPrefix') yield one.prefix;
		},
		async get(key) {
			return answered(name, longPatienceMs, async () => {
				try {
					return (await client.getObject(key)).body ?? undefined;
				} catch (fault) {
					// A bucket that is not there is 404 too.
					if (fault instanceof S3Errors.ServerError && fault.code === 'NoSuchKey') return undefined;
					throw fault;
				}
			});
		},
		async put(key, bytes) {
			const metadata = { 'Content-Type': 'application/octet-stream' };
			await answered(name, longPatienceMs, () => client.putObject(key, Uint8Array.from(bytes), { metadata }));
		},
		async remove(key) {
			await answered(name, patienceMs, () => client.deleteObject(key));
		},
		async versions() {
			await reach();
			return answered(name, patienceMs, async () => {
				try {
					const ask = { method: 'GET', objectName: '', query: 'versioning=', returnBody: true };
					const text = await (await client.makeRequest(ask)).text();
					if (!text.includes('<VersioningConfiguration')) return 'unknown';
					return text.includes('<Status>') ? 'kept' : 'none';
				} catch (fault) {
					if (fault instanceof S3Errors.ServerError) return 'unknown';
					throw fault;
				}
			});
		}
	};
}

function clientOf({ endpoint, bucket, region, accessKey, secret, forcePathStyle }: StoreSettings, name: string) {
	const place = { endPoint: endpoint.replace(/\/+$/, ''), bucket, region, pathStyle: forcePathStyle };
	try {
		return new S3Client({ ...place, accessKey, secretKey: secret });
	} catch {
		throw new Failure('invalid', 'store_settings', {
			detail: `PocketBase's settings name an S3 store, ${name}, in a way that nobody understands.`
		});
	}
}

// The cause is left out: what a store says may repeat the request, and that is signed.
async function answered<T>(name: string, ms: number, work: () => Promise<T>): Promise<T> {
	let timer: NodeJS.Timeout | undefined;
	const late = new Promise<never>((_, reject) => {
		timer = setTimeout(() => reject(new Error('late')), ms);
	});
	try {
		return await Promise.race([work(), late]);
	} catch (fault) {
		const code = fault instanceof S3Errors.ServerError ? `it says ${fault.code}` : 'no answer';
		throw new Failure('unavailable', 'storage', { detail: `The S3 store ${name} does not do its part: ${code}.` });
	} finally {
		clearTimeout(timer);
	}
}
