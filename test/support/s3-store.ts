import { mkdtemp, readdir, readFile, rm, utimes } from 'node:fs/promises';
import { createServer } from 'node:http';
import os from 'node:os';
import path from 'node:path';
import S3rver from '@20minutes/s3rver';

/** A real server that speaks S3, on 127.0.0.1, which checks who signs and keeps its objects in a folder. */
export interface S3Store {
	/** `http://127.0.0.1:PORT` */
	url: string;
	bucket: string;
	/** What it says of versions; undefined as this server, which knows of none. */
	versioning: string | undefined;
	/** The keys of the objects that lie there. */
	keys(): Promise<string[]>;
	/** An object, as it lies in the store's own folder. */
	object(key: string): Promise<Buffer>;
	/** Makes a record's objects as old as a time. */
	age(record: string, at: Date): Promise<void>;
	/** Ends the listening, as if the store had gone away; `open` begins it again, at the same address. */
	leave(): Promise<void>;
	open(): Promise<void>;
	close(): Promise<void>;
}

/** The only key pair that it knows. */
export const accessKey = { id: 'S3RVER', secret: 'S3RVER' };

const ending = '._S3rver_object';

export async function openStore(): Promise<S3Store> {
	const [folder, bucket] = [await mkdtemp(path.join(os.tmpdir(), 'kuuntelupiste-s3-')), 'sealed'];
	const options = { directory: folder, silent: true, configureBuckets: [{ name: bucket }] };
	const strict = new S3rver(options);
	await strict.configureBuckets();
	// Of a listing it signs the path without its last stroke, as nobody else does: there it checks the key's id only.
	const lenient = new S3rver({ ...options, allowMismatchedSignatures: true });
	const [ofObject, ofBucket] = [strict.callback(), lenient.callback()];
	const server = createServer((request, response) => {
		const [place = '', asked = ''] = (request.url ?? '').split('?');
		if (place !== `/${bucket}/`) return void ofObject(request, response);
		if (store.versioning === undefined || !asked.startsWith('versioning')) return void ofBucket(request, response);
		response.setHeader('Content-Type', 'application/xml');
		response.end(`<VersioningConfiguration>${store.versioning}</VersioningConfiguration>`);
	});
	const listen = (port: number) => new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
	await listen(0);
	const address = server.address();
	const port = address && typeof address === 'object' ? address.port : 0;
	const store: S3Store = {
		url: `http://127.0.0.1:${port}`,
		bucket,
		versioning: undefined,
		async keys() {
			const names = await readdir(path.join(folder, bucket), { recursive: true });
			return names.filter((name) => name.endsWith(ending)).map((name) => name.slice(0, -ending.length));
		},
		object: (key) => readFile(path.join(folder, bucket, `${key}${ending}`)),
		async age(record, at) {
			for (const key of await store.keys()) {
				if (key.split('/')[1] === record) await utimes(path.join(folder, bucket, `${key}${ending}`), at, at);
			}
		},
		async leave() {
			const left = new Promise((resolve) => server.close(resolve));
			server.closeAllConnections();
			await left;
		},
		open: () => listen(port),
		async close() {
			if (server.listening) await store.leave();
			await rm(folder, { recursive: true, force: true });
		}
	};
	return store;
}
