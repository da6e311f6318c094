import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { Failure, isFailure } from '#failures.ts';
import { collection, instant, written } from '#pocketbase/collection.ts';
import type { Client } from '#pocketbase/pocketbase.ts';
import { Turns } from '#turns.ts';
import { helsinkiDay } from '#sealing/day.ts';
import type { Keyring } from '#sealing/keyring.ts';
import { seal } from '#sealing/seal.ts';
import type { Call, Row } from './call.ts';
import { hear, type HeardSound } from './heard.ts';
import { openOriginals, type Originals } from './originals.ts';
import { reject } from './rejection.ts';
import { opensWhole } from './read-back.ts';
import { sourceKey } from './source-key.ts';
import { destroyAfter } from './term.ts';

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
	readonly keyring: Pick<Keyring, 'recipientFor' | 'identityFor'>;
	readonly now: () => Date;
	/** Who has this sign-in name (people are another room's). */
	readonly employeeOf: (signInName: string) => Promise<Employee | undefined>;
}

/** How one intake does its work. */
export interface Manner {
	/** Of one call that an export holds twice, one waits for the other. */
	turns: Turns;
	dryRun: boolean;
}

const Stored = v.object({
	id: v.string(),
	audio: v.string(),
	key_day: v.string(),
	audio_sha256: v.string(),
	checked: instant
});
type Stored = v.InferOutput<typeof Stored>;

/** What became of a call: past its six months it is left where it is. */
export type Taken = 'known' | 'past_retention' | { differenceMs: number };

/**
 * Checks one call and its audio, seals and stores it, reads it back and opens it: only then it counts. Gives by how many
 * ms the audio is longer than the call. A call whose storing was cut short before is stored anew. With `dryRun`
 * everything but the storing is done. Refuses a call that cannot go in with `invalid` and a `RejectionReason`.
 */
export async function add(ground: Ground, folder: string, row: Row, manner: Manner): Promise<Taken> {
	const { call } = row;
	const now = ground.now();
	if (call.disconnected > now) reject('in_future');
	if (destroyAfter(call.disconnected) <= now) return 'past_retention';
	const employee = (await ground.employeeOf(call.employee)) ?? reject('unknown_employee');
	const originals = await openOriginals(folder, row.audio);
	try {
		return await manner.turns.take(originals.sha256, () => addOpen(ground, call, employee, originals, manner));
	} finally {
		await originals.close();
	}
}

async function addOpen(
	ground: Ground,
	call: Call,
	employee: Employee,
	originals: Originals,
	{ dryRun }: Manner
): Promise<Taken> {
	const before = await find(ground.client, call, originals);
	if (before?.checked) return 'known';
	const sound = await hear(originals);
	const durationMs = call.disconnected.getTime() - call.answered.getTime();
	const taken = { differenceMs: sound.durationMs - durationMs };
	if (dryRun) return before ? 'known' : taken;
	const sealed = await seal(sound.plain, await ground.keyring.recipientFor(helsinkiDay(call.answered)));
	const facts = { ...factsOf(call, employee), ...soundFacts(sound), original_sha256: originals.sha256 };
	const stored = await store(
		ground.client,
		{ ...facts, source_key: sourceKey(call, originals.sha256) },
		sealed,
		before
	);
	if (!stored) return 'known';
	await checkStored(ground, stored);
	return taken;
}

function factsOf(call: Call, employee: Employee): Record<string, string | number> {
	return {
		answered: written(call.answered),
		disconnected: written(call.disconnected),
		duration_ms: call.disconnected.getTime() - call.answered.getTime(),
		direction: call.direction,
		line: call.line,
		service_number: call.serviceNumber,
		customer_number_masked: call.customerNumberMasked,
		employee: employee.id,
		employee_name: employee.name,
		team: employee.team,
		key_day: helsinkiDay(call.answered),
		destroy_after: written(destroyAfter(call.disconnected))
	};
}

function soundFacts({ plain, type, channels, peaks }: HeardSound): Record<string, string | number> {
	return {
		audio_type: type,
		audio_bytes: plain.length,
		audio_sha256: sha256(plain),
		peaks: JSON.stringify(peaks),
		channels
	};
}

/** The same call, by its facts and its sound, or by its sound and its time alone. */
async function find(client: Client, call: Call, { sha256: sound }: Originals): Promise<Stored | undefined> {
	const recordings = collection(client, 'recordings', Stored);
	const byKey = { filter: 'source_key = {:key}', params: { key: sourceKey(call, sound) } };
	const bySound = {
		filter: 'original_sha256 = {:sound} && answered = {:answered} && disconnected = {:disconnected}',
		params: { sound, answered: written(call.answered), disconnected: written(call.disconnected) }
	};
	return (await recordings.first(byKey)) ?? (await recordings.first(bySound));
}

/** The stored row; undefined when the same call was stored at the same time, and the index decided. */
async function store(
	client: Client,
	row: Record<string, string | number>,
	sealed: Uint8Array,
	before: Stored | undefined
): Promise<Stored | undefined> {
	const recordings = collection(client, 'recordings', Stored);
	const form = new FormData();
	// Of one that was cut short only the sound is stored anew.
	const wanted = before ? ['audio_type', 'audio_bytes', 'audio_sha256', 'peaks', 'channels'] : Object.keys(row);
	for (const name of wanted) form.set(name, String(row[name]));
	form.set('audio', new Blob([Uint8Array.from(sealed)]), 'sealed.age');
	try {
		return await (before ? recordings.update(before.id, form) : recordings.create(form));
	} catch (fault) {
		if (isFailure(fault) && fault.kind === 'conflict' && fault.field === 'source_key') return undefined;
		throw fault;
	}
}

/** Reads the sealed file back and opens it whole. Refuses with `unavailable: read_back` when it is not what was stored. */
async function checkStored({ client, keyring, now }: Ground, stored: Stored): Promise<void> {
	if (!(await opensWhole(client, stored, await keyring.identityFor(stored.key_day), stored.audio_sha256))) {
		throw new Failure('unavailable', 'read_back', { detail: 'A stored recording does not open as it was sealed.' });
	}
	await collection(client, 'recordings', Stored).update(stored.id, { checked: written(now()) });
}

function sha256(bytes: Uint8Array): string {
	return createHash('sha256').update(bytes).digest('hex');
}
