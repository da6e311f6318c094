import * as v from 'valibot';
import { collection, instant, knownInstant, written } from '#pocketbase/collection.ts';
import { each } from '#pocketbase/each.ts';
import type { Client } from '#pocketbase/pocketbase.ts';
import { rule } from '#recordings/term.ts';
import type { KeyName } from '#sealing/keyring.ts';

const Row = v.pipe(
	v.object({
		id: v.string(),
		call_day: v.string(),
		rule: v.string(),
		rule_version: v.number(),
		due: knownInstant,
		begun: knownInstant,
		sealed_sha256: v.string(),
		key_fingerprint: v.string(),
		destroyed: instant,
		late_seconds: v.number()
	}),
	v.transform((row) => ({
		/** The recording's own id. */
		id: row.id,
		/** The Helsinki day of the call. */
		callDay: row.call_day,
		rule: row.rule,
		ruleVersion: row.rule_version,
		/** When its time was over: its term, or the end of the hold that kept it longer. */
		due: row.due,
		begun: row.begun,
		/** SHA-256 of the sealed file; empty when there was none any more. */
		sealedSha256: row.sealed_sha256,
		/** SHA-256 of the recipient of the key that sealed it; empty when that key was gone already. */
		keyFingerprint: row.key_fingerprint,
		/** When the row, the file and their traces were gone; undefined while that is not certain. */
		destroyed: row.destroyed,
		/** From due to destroyed. */
		lateSeconds: row.late_seconds
	}))
);
/** The proof that a recording was destroyed, without any data of a person. */
export type Destruction = v.InferOutput<typeof Row>;

export function destructions(as: Client) {
	return collection(as, 'destructions', Row);
}

/** Those that were begun and are not certain: of this sweep, or of one that was killed. */
export function unfinished(as: Client): Promise<Destruction[]> {
	return Array.fromAsync(each(destructions(as), { filter: 'destroyed = ""' }));
}

/** Writes down that a recording is about to be destroyed, before anything of it is. */
export async function begin(
	as: Client,
	given: Pick<Destruction, 'id' | 'callDay' | 'due' | 'begun' | 'sealedSha256' | 'keyFingerprint'>
): Promise<void> {
	await destructions(as).create({
		id: given.id,
		call_day: given.callDay,
		rule: rule.name,
		rule_version: rule.version,
		due: written(given.due),
		begun: written(given.begun),
		sealed_sha256: given.sealedSha256,
		key_fingerprint: given.keyFingerprint
	});
}

/** How late a destruction is, in whole seconds; a hold that ended in the same moment is not late. */
export function lateSeconds(due: Date, destroyed: Date): number {
	return Math.max(0, Math.floor((destroyed.getTime() - due.getTime()) / 1000));
}

const KeyRow = v.pipe(
	v.object({ id: v.string(), name: v.string(), fingerprint: v.string(), begun: knownInstant, destroyed: instant }),
	v.transform((row) => ({ ...row, key: keyNamed(row.name) }))
);
/** The proof that a key was destroyed. */
export type DestroyedKey = v.InferOutput<typeof KeyRow>;

export function destroyedKeys(as: Client) {
	return collection(as, 'destroyed_keys', KeyRow);
}

/** How a key is named in its record: a day, or the id of the one recording that it sealed. */
export function nameOfKey(key: KeyName): string {
	return 'day' in key ? key.day : key.recording;
}

function keyNamed(name: string): KeyName {
	return name.includes('-') ? { day: name } : { recording: name };
}
