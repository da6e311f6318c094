import { AsyncLocalStorage } from 'node:async_hooks';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import pino from 'pino';
import { isFailure } from './failures.ts';

/**
 * All that a line may say beside its sentence. What is not named here is left out, and so is a value that is neither a
 * plain word of ours nor a number: there is nothing to forget to redact.
 */
export interface Facts {
	/** An error: its name, its codes and the places in our code; never its message, which may quote anything. */
	fault?: unknown;
	reason?: string | undefined;
	method?: string | undefined;
	/** The route's own name (`/console/requests/[id]`), never the address that was asked for. */
	route?: string | undefined;
	status?: number;
	ms?: number;
	recordings?: number;
}

/**
 * What the operator reads: one line of JSON each, on stderr. Who heard what stands in the access log; here are no
 * names, numbers, addresses, cookies or words that anybody typed.
 */
export interface Journal {
	debug(says: string, facts?: Facts): void;
	info(says: string, facts?: Facts): void;
	warn(says: string, facts?: Facts): void;
	error(says: string, facts?: Facts): void;
	/** Does `work` as one request: whatever is said meanwhile carries its id. */
	inRequest<T>(request: string, work: () => T): T;
}

export type Level = 'error' | 'warn' | 'info' | 'debug';

const root = fileURLToPath(new URL('../', import.meta.url));
/** What journald takes for a line's priority (sd-daemon(3)), by pino's levels. */
const priorities: Record<number, string> = { 20: '<7>', 30: '<6>', 40: '<4>', 50: '<3>' };

/** Opens the journal; `underSystemd` puts each line's priority before it, as journald reads it. */
export function openJournal(
	level: Level,
	{
		underSystemd = process.env['JOURNAL_STREAM'] !== undefined,
		out = pino.destination({ dest: 2, sync: true })
	}: { underSystemd?: boolean; out?: { write(line: string): unknown } } = {}
): Journal {
	const requests = new AsyncLocalStorage<string>();
	const lines = {
		// pino then tells each line's level beside it.
		[Symbol.for('pino.metadata')]: true,
		lastLevel: 30,
		write(line: string) {
			out.write(underSystemd ? `${priorities[this.lastLevel] ?? '<6>'}${line}` : line);
		}
	};
	const written = pino(
		{
			level,
			base: null,
			timestamp: pino.stdTimeFunctions.isoTime,
			formatters: { level: (label) => ({ level: label }), log: (facts) => allowed(facts) },
			mixin: () => ({ request: requests.getStore() })
		},
		lines
	);
	return {
		debug: (says, facts = {}) => written.debug(facts, says),
		info: (says, facts = {}) => written.info(facts, says),
		warn: (says, facts = {}) => written.warn(facts, says),
		error: (says, facts = {}) => written.error(facts, says),
		inRequest: (request, work) => requests.run(request, work)
	};
}

function allowed({ request, fault, reason, method, route, status, ms, recordings }: Facts & { request?: string }) {
	return {
		request,
		...(fault === undefined ? {} : { fault: faultOf(fault) }),
		reason: plain(reason),
		method: plain(method),
		route: plain(route),
		status: number(status),
		ms: number(ms),
		recordings: number(recordings)
	};
}

function faultOf(fault: unknown): Record<string, unknown> {
	if (!(fault instanceof Error)) return { name: typeof fault };
	const { code, errcode } = fault as { code?: unknown; errcode?: unknown };
	return {
		name: /^[A-Z][A-Za-z]*(Error|Failure)$|^Failure$/.test(fault.name) ? fault.name : 'Error',
		code: typeof code === 'string' && /^(E|ERR_)[A-Z0-9_]{2,40}$/.test(code) ? plain(code) : undefined,
		errcode: number(errcode),
		...(isFailure(fault) ? { kind: fault.kind, reason: plain(fault.reason), field: plain(fault.field) } : {}),
		at: placesOf(fault),
		...(fault.cause instanceof Error ? { cause: faultOf(fault.cause) } : {})
	};
}

// A place is a line of the stack that names a file of ours. A message may have lines too, and even look like this; then
// it is a path below our own folder, without a long number.
function placesOf({ stack = '' }: Error): string[] {
	const places = stack.split('\n').flatMap((line) => {
		const [, file, row] = /^ {4}at (?:.*\()?(?:file:\/\/)?(\/[^\s()]+):(\d+):\d+\)?$/.exec(line) ?? [];
		if (!file || !row) return [];
		const within = path.relative(root, file);
		return /^(src|build|test)\//.test(within) ? [`${plain(within)}:${row}`] : [];
	});
	return places.slice(0, 6);
}

// Codes, routes and paths. Five digits in a row could be of a phone number.
function plain(word: unknown): string | undefined {
	if (typeof word !== 'string' || word === '') return undefined;
	return /^[\w./[\]@:+-]{1,160}$/.test(word) && !/\d{5}/.test(word) ? word : '(left out)';
}

function number(given: unknown): number | undefined {
	return typeof given === 'number' ? given : undefined;
}
