import { randomBytes } from 'node:crypto';
import type { RecordModel } from 'pocketbase';
import type { Logged } from '#access-log/entry.ts';
import { newCodes, recognised, type Codes } from '#visits/code.ts';
import { kiosks, type Kiosk } from '#visits/kiosk.ts';
import type { House } from '../../support/house.ts';
import * as plant from '../../support/plant.ts';

export const sound = randomBytes(100_000);
export const minute = 60_000;
type Someone = Awaited<ReturnType<typeof plant.person>>;

/** The people of one register's tests, and the office where they are. */
export interface Cast {
	office: RecordModel;
	contact: Someone;
	maintainer: Someone;
	agent: Someone;
}

export async function cast(house: House): Promise<Cast> {
	const office = await plant.office(house);
	return {
		office,
		contact: await plant.person(house, ['contact_person'], { offices: [office.id] }),
		maintainer: await plant.person(house, ['maintainer']),
		agent: await plant.person(house, ['agent'])
	};
}

/** A kiosk, a request with calls, and an appointment at that kiosk whose hour is now. */
export interface Scene {
	kiosk: Kiosk;
	/** The device's secret. */
	secret: string;
	request: RecordModel;
	calls: string[];
	appointment: RecordModel;
	codes: Codes;
}

export async function scene(
	house: House,
	{ office, contact, maintainer, agent }: Cast,
	{ calls = 2, ...fields }: { calls?: number } & Record<string, unknown> = {}
): Promise<Scene> {
	const device = await plant.kiosk(house, office.id, maintainer.person.id);
	const ids: string[] = [];
	for (let n = 0; n < calls; n++) ids.push((await plant.recording(house, agent.person, sound)).id);
	const request = await plant.request(house, contact.person.id, { state: 'booked', recordings: ids });
	const codes = newCodes();
	const appointment = await plant.appointment(
		house,
		{ request: request.id, office: office.id, kiosk: device.id, bookedBy: contact.person.id },
		{ token_hash: recognised(codes.token)?.hash, code_hash: recognised(codes.code)?.hash, ...fields }
	);
	const kiosk = await kiosks(house.superuser).one(device.id);
	return { kiosk, secret: device.secret, request, calls: ids, appointment, codes };
}

/** Entries of the log, oldest first, about one thing. */
export async function logOf(
	house: House,
	where: { kiosk?: string; visit?: string; actor?: string }
): Promise<Logged[]> {
	return (await house.register.accessLog.read({ limit: 1000, where })).reverse();
}

/** How an entry reads: `action` when done, `action: reason` when refused. */
export const said = (entries: Logged[]): string[] =>
	entries.map(({ action, outcome, reason }) => (outcome === 'refused' ? `${action}: ${reason}` : action));
