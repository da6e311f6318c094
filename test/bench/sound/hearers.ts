import { openKeys } from '#register.server.ts';
import { readSettings } from '#settings.ts';
import { people } from '#staff/person.ts';
import { call, day } from '../../core/retention/scene.ts';
import * as plant from '../../support/plant.ts';
import type { Serving } from '../../support/serving.ts';

/** A kiosk with a released visit at it: its cookie, and what it may hear. */
export interface Hearer {
	cookie: string;
	kiosk: string;
	visit: string;
	recordings: string[];
}

/** Seals and stores these sounds as calls of one employee; gives their ids. */
export async function plantCalls(serving: Serving, sounds: readonly Buffer[]): Promise<string[]> {
	const superuser = await serving.superuser();
	const keyring = await openKeys(readSettings({ ...process.env, ...serving.environment }));
	const agent = await people(superuser).first({ filter: "sign_in_name = 'agent'" });
	if (!agent) throw new Error('the register is not furnished');
	const answered = new Date(Date.now() - 10 * day);
	const ids: string[] = [];
	for (const plain of sounds) {
		ids.push((await call({ superuser, register: { keyring } }, agent, answered, { plain })).id);
	}
	return ids;
}

/** So many kiosks, each with a visit that a person has verified and released; `recordings` says to whom what is. */
export async function plantHearers(
	serving: Serving,
	count: number,
	recordings: (hearer: number) => string[]
): Promise<Hearer[]> {
	const superuser = await serving.superuser();
	const [office] = await superuser.collection('offices').getFullList();
	const contact = await people(superuser).first({ filter: "sign_in_name = 'contact'" });
	if (!contact || !office) throw new Error('the register is not furnished');
	const one = async (index: number): Promise<Hearer> => {
		const released = recordings(index);
		const of = { office: office.id, contact: contact.id, calls: released };
		const { kiosk, visit, headers } = await plant.hearer({ superuser }, of, { playing: released[0] ?? '' });
		return { cookie: headers.Cookie, kiosk: kiosk.id, visit, recordings: released };
	};
	const hearers: Hearer[] = [];
	while (hearers.length < count) {
		const some = Array.from({ length: Math.min(8, count - hearers.length) }, (_, more) => one(hearers.length + more));
		hearers.push(...(await Promise.all(some)));
	}
	return hearers;
}
