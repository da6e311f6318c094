import { readFile } from 'node:fs/promises';

/** What a Node process holds, asked through its inspector on this port, when all that is not used was collected. */
export interface Inspected {
	pid: number;
	/** The live heap, in bytes. */
	heap(): Promise<number>;
	close(): void;
}

interface Answer {
	id?: number;
	result?: Record<string, unknown>;
	error?: { message: string };
}

/** Connects to the inspector of a Node process. */
export async function inspect(port: number): Promise<Inspected> {
	const [target] = (await (await fetch(`http://127.0.0.1:${port}/json`)).json()) as { webSocketDebuggerUrl: string }[];
	const socket = new WebSocket(target?.webSocketDebuggerUrl ?? '');
	await new Promise((resolve, reject) => {
		socket.addEventListener('open', resolve);
		socket.addEventListener('error', reject);
	});
	let last = 0;
	const ask = (method: string, params = {}): Promise<Record<string, unknown>> => {
		const id = ++last;
		return new Promise((resolve, reject) => {
			const hear = ({ data }: MessageEvent): void => {
				const answer = JSON.parse(String(data)) as Answer;
				if (answer.id !== id) return;
				socket.removeEventListener('message', hear);
				if (answer.error) reject(new Error(answer.error.message));
				else resolve(answer.result ?? {});
			};
			socket.addEventListener('message', hear);
			socket.send(JSON.stringify({ id, method, params }));
		});
	};
	await ask('HeapProfiler.enable');
	const { result } = await ask('Runtime.evaluate', { expression: 'process.pid', returnByValue: true });
	return {
		pid: Number((result as { value: number }).value),
		async heap() {
			for (let times = 0; times < 2; times++) await ask('HeapProfiler.collectGarbage');
			return Number((await ask('Runtime.getHeapUsage'))['usedSize']);
		},
		close: () => socket.close()
	};
}

/** The memory that a process has in the machine, in bytes; NaN when it is gone. */
export async function resident(pid: number): Promise<number> {
	const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
	return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? NaN) * 1024;
}

/** The PocketBase that a server has started. */
export async function databaseOf(pid: number): Promise<number> {
	const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
	for (const child of children.split(' ').filter(Boolean).map(Number)) {
		const name = await readFile(`/proc/${child}/comm`, 'utf8').catch(() => '');
		if (name.startsWith('pocketbase')) return child;
	}
	throw new Error('the server has no database');
}
