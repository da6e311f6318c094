import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { isFailure } from '#failures.ts';
import { written } from '#pocketbase/collection.ts';
import type { Client } from '#pocketbase/pocketbase.ts';
import { helsinkiDay } from '#sealing/day.ts';
import type { Keyring } from '#sealing/keyring.ts';
import { seal } from '#sealing/sealed-file.ts';
import type { Call } from './calls-csv.ts';
import { loudness, type Loudness } from './peaks.ts';
import { openPlainFile } from './plain-file.ts';
import { probe, type Sound } from './probe.ts';
import { recordings } from './recording.ts';
import { reject } from './rejection.ts';
import { sourceKey } from './source-key.ts';
import { destroyAfter } from './term.ts';
import { isCutOff } from './wave.ts';

/** The employee of a call, as the intake needs to know them. */
export interface Employee {
	readonly id: string;
	readonly name: string;
	/** Their team now; empty for none. */
	readonly team: string;
}

/** What the intake stands on. */
export interface Ground {
	/** The service account `intake`. */
	readonly client: Client;
	readonly keyring: Pick<Keyring, 'recipientFor'>;
	readonly now: () => Date;
	/** Who has this sign-in name (people are another room's). */
	readonly employeeOf: (signInName: string) => Promise<Employee | undefined>;
}

/**
 * Checks one call and its audio, seals and stores it; `known` when it is there already, else by how many ms the audio is
 * longer than the call. Refuses a call that cannot go in with `invalid` and a `RejectionReason`.
 */
export async function add(ground: Ground, folder: string, call: Call): Promise<'known' | { differenceMs: number }> {
	const now = ground.now();
	if (call.disconnected > now) reject('in_future');
	if (destroyAfter(call.disconnected) <= now) reject('past_retention');
	const employee = (await ground.employeeOf(call.employee)) ?? reject('unknown_employee');
	const file = await openPlainFile(folder, call.audio);
	try {
		const plain = await file.readFile();
		const sha256 = createHash('sha256').update(plain).digest('hex');
		const key = sourceKey(call, sha256);
		if (await isKnown(ground.client, key)) return 'known';
		const sound = await listenThrough(file, plain);
		const durationMs = call.disconnected.getTime() - call.answered.getTime();
		const keyDay = helsinkiDay(call.answered);
		const row = {
			answered: written(call.answered),
			disconnected: written(call.disconnected),
			duration_ms: durationMs,
			direction: call.direction,
			line: call.line,
			service_number: call.serviceNumber,
			customer_number_masked: call.customerNumberMasked,
			employee: employee.id,
			employee_name: employee.name,
			team: employee.team,
			audio_type: sound.type,
			audio_bytes: plain.length,
			audio_sha256: sha256,
			key_day: keyDay,
			peaks: JSON.stringify(sound.peaks),
			channels: sound.channels,
			destroy_after: written(destroyAfter(call.disconnected)),
			source_key: key
		};
		const sealed = await seal(plain, await ground.keyring.recipientFor(keyDay));
		const isNew = await store(ground.client, row, sealed);
		return isNew ? { differenceMs: sound.durationMs - durationMs } : 'known';
	} finally {
		await file.close();
	}
}

async function listenThrough(file: FileHandle, plain: Uint8Array): Promise<Sound & Loudness> {
	const sound = await probe(file);
	const heard = (await loudness(file, sound.channels)) ?? reject('audio_unreadable');
	// An MP3 only guesses its own length.
	const short = sound.format !== 'mp3' && heard.durationMs < sound.durationMs - 500;
	if (short || (sound.format === 'wav' && isCutOff(plain))) reject('audio_cut_off');
	return { ...sound, ...heard };
}

async function isKnown(client: Client, key: string): Promise<boolean> {
	return (await recordings(client).first({ filter: 'source_key = {:key}', params: { key } })) !== undefined;
}

async function store(client: Client, row: Record<string, string | number>, sealed: Uint8Array): Promise<boolean> {
	const form = new FormData();
	for (const [name, value] of Object.entries(row)) form.set(name, String(value));
	form.set('audio', new Blob([Uint8Array.from(sealed)]), 'sealed.age');
	try {
		await recordings(client).create(form);
		return true;
	} catch (fault) {
		// The same call twice in one export: two were stored at one time, and the index decided.
		if (isFailure(fault) && fault.kind === 'conflict' && fault.field === 'source_key') return false;
		throw fault;
	}
}
