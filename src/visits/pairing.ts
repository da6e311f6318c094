import { randomBytes, randomInt } from 'node:crypto';
import { Failure } from '#failures.ts';
import type { Client } from '#pocketbase/pocketbase.ts';
import type { Register } from '#register.server.ts';
import { refusal } from '#staff/duty.ts';
import type { Person } from '#staff/person.ts';
import { deviceHash, kiosks, type Kiosk } from './kiosk.ts';
import { endAt } from './ending.ts';

// Pairing has the shape of RFC 8628: the device shows a code, a person approves it elsewhere.

// No vowels, so no words; no look-alikes (RFC 8628 § 6.1).
const alphabet = 'BCDFGHJKLMNPQRSTVWXZ';
const lifeMs = 10 * 60_000;
const most = 200;

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

	/** Takes the device that shows this code, once; gives its hash. */
	take(typed: string, now: Date): string | undefined {
		this.#forget(now);
		const letters = typed.toUpperCase().replaceAll(/[^A-Z]/g, '');
		for (const [hash, { code }] of this.#byDevice) {
			if (code.replace('-', '') !== letters) continue;
			this.#byDevice.delete(hash);
			return hash;
		}
		return undefined;
	}

	#forget(now: Date): void {
		for (const [hash, { ends }] of this.#byDevice) if (ends <= now) this.#byDevice.delete(hash);
	}
}

interface Maintainer {
	person: Person;
	as: Client;
}

/** Makes the device that shows `code` a kiosk of an office. Refuses with `invalid: pairing_code` when none shows it. */
export async function approve(
	register: Register,
	{ person, as }: Maintainer,
	form: { code: string; name: string; office: string; mmPerCssPx?: number }
): Promise<Kiosk> {
	const reason = refusal(person, 'upkeep', register.now());
	if (reason) throw new Failure('refused', reason);
	const hash = register.pairings.take(form.code, register.now());
	if (!hash) throw new Failure('invalid', 'pairing_code', { field: 'code' });
	const kiosk = await kiosks(as).create({
		name: form.name,
		office: form.office,
		device_hash: hash,
		paired_by: person.id,
		mm_per_css_px: form.mmPerCssPx ?? 0.2646
	});
	await register.accessLog.append({
		action: 'pair_kiosk',
		actor: person.id,
		role: 'maintainer',
		purpose: 'administration',
		outcome: 'done',
		kiosk: kiosk.id,
		office: kiosk.office
	});
	register.news.tell({ kiosk: kiosk.id, office: kiosk.office });
	return kiosk;
}

/** Takes a kiosk's right away for ever: its sound stops at once, its visit ends, its device must be paired anew. */
export async function revoke(register: Register, { person, as }: Maintainer, kioskId: string): Promise<void> {
	const reason = refusal(person, 'upkeep', register.now());
	if (reason) throw new Failure('refused', reason);
	await register.accessLog.append({
		action: 'revoke_kiosk',
		actor: person.id,
		role: 'maintainer',
		purpose: 'administration',
		outcome: 'done',
		kiosk: kioskId
	});
	const kiosk = await kiosks(as).update(kioskId, { revoked: register.now().toISOString() });
	await endAt(register, kiosk, 'revoked', { person: person.id, role: 'maintainer' });
	register.news.tell({ kiosk: kiosk.id, office: kiosk.office });
}
