import { Failure } from '#failures.ts';
import type { Register } from '#register.server.ts';
import { appointments } from './appointment-row.ts';
import { endAt } from './ending.ts';
import { kiosks, type Kiosk } from './kiosk.ts';
import { mustKeepUp, upkeepLine, type Maintainer } from './pairing.ts';
import { visits, type VisitState } from './visit.ts';

// The maintainer's board: the devices, and nothing of whom they serve.

/** A kiosk as it is now. */
export interface OnBoard extends Pick<Kiosk, 'id' | 'name' | 'office' | 'mmPerCssPx' | 'lastSeen' | 'revoked'> {
	/** The version of the page that it shows; undefined while it is not there. */
	version: string | undefined;
	/** Where the visit at it is; undefined while there is none. Whose it is and what they hear is not a maintainer's. */
	visit: VisitState | undefined;
}

/** Every kiosk, by name. Refuses whoever is no maintainer. */
export async function board(register: Register, { as }: Maintainer): Promise<OnBoard[]> {
	const [all, live] = await Promise.all([
		kiosks(as).list({ filter: '', sort: 'name', limit: 500 }),
		// Maintainers cannot read visits; of each only its state leaves this function.
		visits(register.pocketbase.service).list({ filter: "state != 'ended'", limit: 500 })
	]);
	const now = register.now();
	return all.map(({ id, name, office, mmPerCssPx, lastSeen, revoked }) => ({
		...{ id, name, office, mmPerCssPx, lastSeen, revoked },
		version: revoked ? undefined : register.presence.versionAt(id),
		visit: live.find(({ kiosk, ends }) => kiosk === id && ends > now)?.state
	}));
}

/** Ends whatever visit is at a kiosk, its sound at once; the maintainer does not learn whose it was. */
export async function endVisitAt(register: Register, { person }: Maintainer, kiosk: string): Promise<void> {
	await mustKeepUp(register, person, 'end_visit', kiosk);
	await endAt(register, kiosk, 'maintainer', { person: person.id, role: 'maintainer' });
}

/**
 * Gives a kiosk another name or another office; the log has it first. Refuses with `conflict: kiosk_booked` to move one
 * for which hours are booked, and with `conflict: kiosk_in_use` while a visitor is at it.
 */
export async function change(
	register: Register,
	{ person, as }: Maintainer,
	{ kiosk: id, name, office }: { kiosk: string; name: string; office: string }
): Promise<void> {
	await mustKeepUp(register, person, 'change_kiosk', id);
	const before = await kiosks(as).one(id);
	if (before.revoked) throw new Failure('conflict', 'kiosk_revoked');
	if (before.office !== office) await mustBeFree(register, id);
	await register.accessLog.append({ ...upkeepLine(person, 'change_kiosk'), kiosk: id, office });
	await kiosks(as).update(id, { name, office });
	for (const place of new Set([before.office, office])) register.news.tell({ kiosk: id, office: place });
}

async function mustBeFree({ pocketbase: { service }, now }: Register, kiosk: string): Promise<void> {
	const params = { kiosk };
	if (await visits(service).first({ filter: "kiosk = {:kiosk} && state != 'ended'", params })) {
		throw new Failure('conflict', 'kiosk_in_use');
	}
	const booked = await appointments(service).list({ filter: "kiosk = {:kiosk} && state = 'booked'", params });
	if (booked.some(({ ends }) => ends > now())) throw new Failure('conflict', 'kiosk_booked');
}
