import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';

/** Another process that writes the log of a folder. */
export interface Writer {
	process: ChildProcess;
	/** Its next line; undefined when it has ended. */
	line(): Promise<string | undefined>;
	/** Has it write three entries of this number and gives its answer. */
	write(number: number): Promise<string | undefined>;
	/** Tells it something else and gives its answer. */
	tell(words: string): Promise<string | undefined>;
	send(numbers: number[]): void;
	/** Ends its input and waits until it is gone. */
	end(): Promise<void>;
}

/** Starts one, which ends with this process at the latest; `under` is a program, with its arguments, that runs it. */
export function startWriter(folder: string, under: string[] = [], ...more: string[]): Writer {
	const [program = '', ...rest] = [
		...under,
		process.execPath,
		path.join(import.meta.dirname, 'writer.ts'),
		folder,
		...more
	];
	const child = spawn(program, rest, { stdio: ['pipe', 'pipe', 'inherit'] });
	const gone = once(child, 'exit');
	// What is still under way to a killed process is lost; that is what the tests are about.
	child.stdin.on('error', () => undefined);
	const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
	const line = async () => {
		const next = await lines.next();
		return next.done ? undefined : next.value;
	};
	const send = (numbers: number[]) => void child.stdin.write(numbers.map((number) => `${number}\n`).join(''));
	return {
		process: child,
		line,
		send,
		tell(words) {
			child.stdin.write(`${words}\n`);
			return line();
		},
		write(number) {
			send([number]);
			return line();
		},
		async end() {
			child.stdin.end();
			await gone;
		}
	};
}
