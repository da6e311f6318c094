import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { readCall, type Row } from './call.ts';
import { isBareName } from './originals.ts';
import type { Rejection, RejectionReason } from './rejection.ts';

const ending = '_metadata.json';
const mostBytes = 1024 * 1024;

const Participant = v.object({
	purpose: v.string(),
	/** The customer's number, `tel:+358…` or plain. */
	address: v.optional(v.string(), ''),
	/** The employee's sign-in name, or an address whose first part it is. */
	userName: v.optional(v.string(), ''),
	/** The bare name of this participant's own sound. */
	audio: v.optional(v.string(), '')
});
/** One recording's metadata, as cloud contact centres export them; what else they hold is not read. */
const Sidecar = v.pipe(
	v.string(),
	v.parseJson(),
	v.object({
		startTime: v.string(),
		endTime: v.string(),
		direction: v.picklist(['inbound', 'outbound']),
		line: v.optional(v.string(), 'customer_service'),
		serviceNumber: v.string(),
		participants: v.pipe(v.array(Participant), v.minLength(2), v.maxLength(10))
	})
);

/** The sidecars among the files of a folder. */
export function sidecarsAmong(files: readonly string[]): string[] {
	return files.filter((file) => file.endsWith(ending));
}

/**
 * Reads a tree with one JSON sidecar a recording, `<id>_metadata.json`, beside `<id>.<anything>` or beside one sound a
 * participant. They are counted in the order of their paths, since a path may hold a number.
 */
export async function readSidecars(
	folder: string,
	files: readonly string[]
): Promise<{ rows: Row[]; rejected: Rejection[] }> {
	const rows: Row[] = [];
	const rejected: Rejection[] = [];
	const besides = new Map<string, string[]>();
	for (const file of files.filter((one) => !one.endsWith(ending))) {
		const stem = path.join(path.dirname(file), path.parse(file).name);
		besides.set(stem, [...(besides.get(stem) ?? []), file]);
	}
	for (const [index, sidecar] of sidecarsAmong(files).entries()) {
		const text = await readFile(path.join(folder, sidecar), 'utf8').catch(() => '');
		const read = text.length > mostBytes ? 'sidecar' : readOne(text, sidecar, besides);
		if (typeof read === 'string') rejected.push({ line: index + 1, reason: read });
		else rows.push({ line: index + 1, ...read, beside: [sidecar] });
	}
	return { rows, rejected };
}

function readOne(
	text: string,
	sidecar: string,
	besides: ReadonlyMap<string, string[]>
): Pick<Row, 'call' | 'audio'> | RejectionReason {
	const result = v.safeParse(Sidecar, text);
	if (!result.success) return 'sidecar';
	const { participants, ...said } = result.output;
	const customer = participants.find(({ purpose }) => purpose === 'customer' || purpose === 'external');
	const employee = participants.find(({ purpose }) => purpose === 'agent' || purpose === 'user');
	if (!customer || !employee) return 'sidecar';
	const call = readCall({
		answered: said.startTime,
		disconnected: said.endTime,
		direction: said.direction === 'inbound' ? 'received' : 'made',
		line: said.line,
		service_number: bare(said.serviceNumber),
		customer_number: bare(customer.address),
		employee: employee.userName.split('@')[0]?.toLowerCase()
	});
	if (typeof call === 'string') return call;
	const place = path.dirname(sidecar);
	if (customer.audio || employee.audio) {
		const audio = [customer.audio, employee.audio];
		return audio.every(isBareName) ? { call, audio: audio.map((name) => path.join(place, name)) } : 'audio';
	}
	const found = besides.get(sidecar.slice(0, -ending.length)) ?? [];
	return found.length === 1 ? { call, audio: found } : 'audio_missing';
}

/** A number without the scheme of its address (RFC 3966). */
function bare(address: string): string {
	return address.replace(/^tel:/i, '').replace(/;.*$/, '');
}
