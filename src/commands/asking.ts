import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { Failure } from '#failures.ts';

/** Asks whoever sits at the terminal, line by line; what is secret is not shown while it is typed. */
export function asking(): { ask(what: string, options?: { secret?: boolean }): Promise<string>; close(): void } {
	let hidden = false;
	const echo = new Writable({
		write(piece, _encoding, done) {
			if (!hidden) process.stderr.write(piece);
			done();
		}
	});
	const terminal = process.stdin.isTTY;
	const reader = createInterface({ input: process.stdin, output: echo, terminal });
	const lines = reader[Symbol.asyncIterator]();
	return {
		async ask(what, { secret = false } = {}) {
			process.stderr.write(`${what}: `);
			hidden = secret;
			const { value, done } = await lines.next();
			hidden = false;
			if (secret || !terminal) process.stderr.write('\n');
			if (done) throw new Failure('invalid', 'no_answer', { detail: 'Nothing was typed.' });
			return value;
		},
		close: () => reader.close()
	};
}
