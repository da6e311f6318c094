import { randomBytes, randomInt } from 'node:crypto';
import type { Entry } from '#access-log/entry.ts';
import { Failure, isFailure } from '#failures.ts';
import { newId, written } from '#pocketbase/collection.ts';
import type { Client } from '#pocketbase/pocketbase.ts';
import type { Register } from '#register.server.ts';
import { refusal } from '#staff/duty.ts';
import type { Person } from '#staff/person.ts';
import { endAt } from './ending.ts';
import { deviceHash, kiosks, type Kiosk } from './kiosk.ts';

// Pairing has the shape of RFC 8628: the device shows a code, a person approves it elsewhere.

// No vowels, so no words; no look-alikes (RFC 8628 § 6.1).
const alphabet = 'BCDFGHJKLMNPQRSTVWXZ';
const lifeMs = 10 * 60_000;
const most = 200;
// 96 CSS pixels an inch, as a screen claims to be while nobody has measured it.
const usualMmPerCssPx = 0.2646;

interface Pending {
	code: string;
	ends: Date;
}

/** The devices that wait for approval, by the hash of their secret; in memory only, ten minutes at most. */
export class Pairings {
	readonly #byDevice = new Map<string, Pending>();

	/** Gives a new device its secret (256 bits, for its cookie) and the code to show. Refuses when too many wait. */
	begin(now: Date): { deviceSecret: string; code: string; ends: Date } {
		this.#forget(now);
		if (this.#byDevice.size >= most) throw new Failure('unavailable', 'too_many_pairings');
		const deviceSecret = randomBytes(32).toString('base64url');
		const letters = Array.from({ length: 8 }, () => alphabet[randomInt(alphabet.length)]).join('');
		const pending = { code: `${letters.slice(0, 4)}-${letters.slice(4)}`, ends: new Date(now.getTime() + lifeMs) };
		this.#byDevice.set(deviceHash(deviceSecret), pending);
		return { deviceSecret, ...pending };
	}

	/** The code that a device shows, while it waits. */
	codeOf(deviceSecret: string | undefined, now: Date): Pending | undefined {
		this.#forget(now);
		return deviceSecret ? this.#byDevice.get(deviceHash(deviceSecret)) : undefined;
	}

	/** Takes the device that shows this code, once; gives its hash and what puts it back. */
	take(typed: string, now: Date): { deviceHash: string; putBack: () => void } | undefined {
		this.#forget(now);
		const letters = typed.toUpperCase().replaceAll(/[^A-Z]/g, '');
		for (const [hash, pending] of this.#byDevice) {
			if (pending.code.replace('-', '') !== letters) continue;
			this.#byDevice.delete(hash);
			return { deviceHash: hash, putBack: () => void this.#byDevice.set(hash, pending) };
		}
		return undefined;
	}

	#forget(now: Date): void {
		for (const [hash, { ends }] of this.#byDevice) if (ends <= now) this.#byDevice.delete(hash);
	}
}

/** Who keeps the kiosks, and the database as they see it. */
export interface Maintainer {
	person: Person;
	as: Client;
}

/**
 * Makes the device that shows `code` a kiosk of an office; the line in the log comes first. Refuses with
 * `invalid: pairing_code` when no device shows it; whoever is no maintainer is refused in the log too.
 */
export async function approve(
	register: Register,
	{ person, as }: Maintainer,
	form: { code: string; name: string; office: string; mmPerCssPx?: number | undefined }
): Promise<Kiosk> {
	await mustKeepUp(register, person, 'pair_kiosk');
	const device = register.pairings.take(form.code, register.now());
	if (!device) throw new Failure('invalid', 'pairing_code', { field: 'code' });
	const id = newId();
	try {
		await register.accessLog.append({ ...upkeepLine(person, 'pair_kiosk'), kiosk: id, office: form.office });
		const kiosk = await kiosks(as).create({
			id,
			name: form.name,
			office: form.office,
			device_hash: device.deviceHash,
			paired_by: person.id,
			mm_per_css_px: form.mmPerCssPx ?? usualMmPerCssPx
		});
		register.news.tell({ kiosk: kiosk.id, office: kiosk.office });
		return kiosk;
	} catch (fault) {
		// A form that was wrong is mended and sent again; the device still shows its code.
		device.putBack();
		if (isFailure(fault) && fault.kind === 'invalid') {
			await register.accessLog.append({
				...upkeepLine(person, 'pair_kiosk'),
				outcome: 'refused',
				reason: fault.reason,
				kiosk: id
			});
		}
		throw fault;
	}
}

/** Takes a kiosk's right away for ever: its sound stops at once, its visit ends, its device must be paired anew. */
export async function revoke(register: Register, { person, as }: Maintainer, kioskId: string): Promise<void> {
	await mustKeepUp(register, person, 'revoke_kiosk', kioskId);
	const { revoked } = await kiosks(as).one(kioskId);
	if (revoked) return;
	const kiosk = await kiosks(as).update(kioskId, { revoked: written(register.now()) });
	try {
		await register.accessLog.append({ ...upkeepLine(person, 'revoke_kiosk'), kiosk: kiosk.id, office: kiosk.office });
	} finally {
		// Taking a right away does not wait for the log.
		await endAt(register, kiosk.id, 'revoked', { person: person.id, role: 'maintainer' });
		register.news.tell({ kiosk: kiosk.id, office: kiosk.office });
	}
}

/** Refuses, in the log too, whoever is no maintainer. */
export async function mustKeepUp(register: Register, person: Person, action: Upkeep, kiosk?: string): Promise<void> {
	const reason = refusal(person, 'upkeep', register.now());
	if (!reason) return;
	await register.accessLog.append({ ...upkeepLine(person, action), outcome: 'refused', reason, kiosk });
	throw new Failure('refused', reason);
}

type Upkeep = 'pair_kiosk' | 'revoke_kiosk' | 'calibrate_kiosk' | 'change_kiosk' | 'end_visit';

/** A line for the log about a kiosk, of a maintainer. */
export function upkeepLine(person: Pick<Person, 'id'>, action: Upkeep): Entry {
	return { action, actor: person.id, role: 'maintainer', purpose: 'administration', outcome: 'done' };
}
