import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { FileServer } from './nginx.ts';

// A bare file server of node:http, as one writes it in an afternoon: no question who asks, no log, nothing sealed.

/** Serves the files of a folder from a process of its own. */
export async function startBare(files: string): Promise<FileServer> {
	const child = fork(import.meta.filename, [files]);
	const [port] = await once(child, 'message');
	return {
		origin: `http://127.0.0.1:${String(port)}`,
		async stop() {
			const gone = once(child, 'exit');
			child.kill();
			await gone;
		}
	};
}

const [, itself, folder] = process.argv;
if (itself === import.meta.filename && folder) {
	const server = createServer(async (request, response) => {
		const file = path.join(folder, path.basename(request.url ?? ''));
		const { size } = await stat(file);
		const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
		const start = Number(from ?? 0);
		const end = to ? Math.min(Number(to), size - 1) : size - 1;
		response.writeHead(from === undefined ? 200 : 206, {
			'Accept-Ranges': 'bytes',
			'Content-Length': end - start + 1,
			'Content-Type': 'audio/wav',
			...(from === undefined ? {} : { 'Content-Range': `bytes ${start}-${end}/${size}` })
		});
		await pipeline(createReadStream(file, { start, end }), response).catch(() => undefined);
	});
	server.listen(0, '127.0.0.1', () => {
		const address = server.address();
		process.send?.(address && typeof address === 'object' ? address.port : 0);
	});
}
