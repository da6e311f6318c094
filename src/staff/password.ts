import { randomInt } from 'node:crypto';
import * as v from 'valibot';
import { Failure } from '#failures.ts';
import { collection, instant, written } from '#pocketbase/collection.ts';
import type { Client } from '#pocketbase/pocketbase.ts';
import type { Register } from '#register.server.ts';
import { isCommon } from './common-password.ts';

/** The sign-in name of the account that a new register begins with. */
export const firstSignInName = 'maintainer';

const shortest = 12;
// PocketBase takes 71 characters, and its bcrypt 72 bytes.
const mostBytes = 71;
const oneTimeDays = 7;
// No look-alikes, so that it can be read out and typed.
const letters = 'abcdefghjkmnpqrstuvwxyz23456789';

const Row = v.object({ id: v.string(), one_time_until: instant });

/** The end of a password that somebody else gave; undefined when it is the person's own. */
export async function oneTimeUntil(as: Client, person: string): Promise<Date | undefined> {
	return (await collection(as, 'staff', Row).one(person)).one_time_until;
}

/** A password for one sign-in, with its end, as fields of a person's row: 79 random bits, good for a week. */
export function newOneTime(now: Date): { password: string; passwordConfirm: string; one_time_until: string } {
	const all = Array.from({ length: 16 }, () => letters[randomInt(letters.length)]).join('');
	const password = all.replaceAll(/(.{4})(?=.)/g, '$1-');
	const ends = new Date(now.getTime() + oneTimeDays * 24 * 3600_000);
	return { password, passwordConfirm: password, one_time_until: written(ends) };
}

/**
 * A person chooses their own password, twelve characters to 71 bytes long, not a common one and not the old one; every token of theirs is void
 * then, and a new one is given. Refuses with `invalid`: `password_short`, `password_long`, `password_common` or `password_same`; with
 * `refused: wrong_credentials` when the old one is wrong.
 */
export async function choosePassword(
	register: Register,
	who: { person: string; signInName: string },
	{ old, chosen }: { old: string; chosen: string }
): Promise<{ token: string }> {
	if ([...chosen].length < shortest) throw new Failure('invalid', 'password_short', { field: 'chosen' });
	if (Buffer.byteLength(chosen) > mostBytes) throw new Failure('invalid', 'password_long', { field: 'chosen' });
	if (isCommon(chosen, who.signInName)) throw new Failure('invalid', 'password_common', { field: 'chosen' });
	if (chosen === old) throw new Failure('invalid', 'password_same', { field: 'chosen' });
	// The old one is asked for even where the session would do: a screen that somebody left is not enough.
	const { token } = await register.pocketbase.signIn(who.signInName, old);
	await register.accessLog.append({ action: 'change_password', actor: who.person, role: 'unknown', outcome: 'done' });
	await collection(register.pocketbase.as(token), 'staff', v.unknown()).update(who.person, {
		oldPassword: old,
		password: chosen,
		passwordConfirm: chosen,
		one_time_until: ''
	});
	return register.pocketbase.signIn(who.signInName, chosen);
}
