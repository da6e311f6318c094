import path from 'node:path';
import type { Employee } from './new-recording.ts';
import { readCall, type Row } from './call.ts';
import { fieldsOf, linesOf } from './csv-lines.ts';
import type { Rejection, RejectionReason } from './rejection.ts';
import { written } from './wall-time.ts';

const columns = [
	...['accountcode', 'src', 'dst', 'dcontext', 'clid', 'channel', 'dstchannel', 'lastapp', 'lastdata'],
	...['start', 'answer', 'end', 'duration', 'billsec', 'disposition', 'amaflags', 'uniqueid', 'userfield']
];

/**
 * Reads Asterisk's call detail records (`Master.csv`, cdr_csv) with the sound of its MixMonitor, paired by the unique id
 * in the file's name or by the file that the user field names; `…-in` and `…-out` files are the two sides of one call.
 * Calls that nobody answered have no recording and are passed over. Times are the switch's wall clock, Helsinki's.
 * Who of the two channels is a known employee says the direction; the account code `telesales` says the line.
 */
export async function readAsterisk(
	master: Uint8Array,
	files: readonly string[],
	employeeOf: (signInName: string) => Promise<Employee | undefined>
): Promise<{ rows: Row[]; rejected: Rejection[] }> {
	const sounds = soundsOf(files);
	const rows: Row[] = [];
	const rejected: Rejection[] = [];
	for (const { text, line } of linesOf(new TextDecoder().decode(master))) {
		const read = await readRecord(text);
		if (typeof read === 'string') rejected.push({ line, reason: read });
		else if (read) rows.push({ line, ...read });
	}
	return { rows, rejected };

	async function readRecord(text: string): Promise<Pick<Row, 'call' | 'audio'> | RejectionReason | undefined> {
		const values = fieldsOf(text);
		if (typeof values === 'string') return values;
		if (values.length < columns.indexOf('uniqueid') + 1) return 'fields';
		const record = Object.fromEntries(columns.map((name, index) => [name, values[index] ?? '']));
		const of = (name: string): string => record[name] ?? '';
		if (of('disposition') !== 'ANSWERED') return undefined;
		const [caller, called] = [peerOf(of('channel')), peerOf(of('dstchannel'))];
		const received = called !== undefined && (await employeeOf(called)) !== undefined;
		const made = !received && caller !== undefined && (await employeeOf(caller)) !== undefined;
		if (!received && !made) return 'unknown_employee';
		const call = readCall({
			answered: written(of('answer')),
			disconnected: written(of('end')),
			direction: received ? 'received' : 'made',
			line: of('accountcode') === 'telesales' ? 'telesales' : 'customer_service',
			service_number: of(received ? 'dst' : 'src'),
			customer_number: of(received ? 'src' : 'dst'),
			employee: received ? called : caller
		});
		if (typeof call === 'string') return call;
		const audio = sounds(of('uniqueid'), of('userfield'));
		if (audio.length === 0) return 'audio_missing';
		// What comes in on the caller's channel is the caller's voice.
		return { call, audio: received ? audio : audio.toReversed() };
	}
}

/** The peer of a channel's name: `PJSIP/aino-0000001b` is aino's. */
function peerOf(channel: string): string | undefined {
	return /^[A-Za-z0-9]+\/([^@;/]+?)(?:-[0-9a-f]{6,10})?(?:[@;].*)?$/.exec(channel)?.[1]?.toLowerCase();
}

/** Finds the sound of a record among the files: one, or that of the caller and that of the called. */
function soundsOf(files: readonly string[]): (uniqueid: string, userfield: string) => string[] {
	const byId = new Map<string, string[]>();
	const byName = new Map<string, string[]>();
	for (const file of files) {
		const { name, base, ext } = path.parse(file);
		if (!/^\.(wav|gsm|mp3|ogg|opus|flac|webm|m4a)$/i.test(ext)) continue;
		const id = /(?<!\d)\d{9,11}\.\d{1,9}(?!\d)/.exec(name)?.[0];
		if (id) byId.set(id, [...(byId.get(id) ?? []), file]);
		byName.set(base, [...(byName.get(base) ?? []), file]);
	}
	return (uniqueid, userfield) => {
		const found = byId.get(uniqueid) ?? byName.get(path.basename(userfield.replace(/^audio:/, ''))) ?? [];
		const side = (ending: string): string | undefined =>
			found.find((file) => path.parse(file).name.toLowerCase().endsWith(ending));
		const [caller, called] = [side('-in'), side('-out')];
		if (caller && called) return [caller, called];
		return found.length === 1 ? found.slice() : [];
	};
}
