import type { RecordModel } from 'pocketbase';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Purpose } from '#listening/grant.ts';
import { heardBy } from '#listening/heard-by.ts';
import { openHouse, type House } from '../../support/house.ts';
import * as plant from '../../support/plant.ts';

// "Who has listened to this call", from the log: everybody learns when, in which role and why; a name only who may know it.

type Someone = Awaited<ReturnType<typeof plant.person>>;
let house: House;
let agent: Someone;
let supervisor: Someone;
let successor: Someone;
let call: RecordModel;
beforeAll(async () => {
	house = await openHouse();
	const team = await plant.team(house);
	agent = await plant.person(house, ['agent'], { team: team.id, name: 'Aapo Aarnisalo' });
	supervisor = await plant.person(house, ['supervisor'], { supervises: [team.id], name: 'Sirkka Selänniemi' });
	successor = await plant.person(house, ['supervisor'], { supervises: [team.id], name: 'Sanni Suvanto' });
	call = await plant.recording(house, agent.person, Buffer.from('a call'));
	await hear(agent, 'verify_call');
	await hear(supervisor, 'training_and_quality');
	await asCustomer();
	// A no is no listening.
	const stranger = await plant.person(house, ['agent']);
	await expect(hear(stranger, 'verify_call')).rejects.toMatchObject({ kind: 'refused' });
});
afterAll(() => house.close());

async function hear({ person, token }: Someone, purpose: Purpose): Promise<void> {
	const { register } = house;
	register.listenings.state(person.id, call.id, purpose);
	await register.listenings.open(register, { kind: 'staff', person, token }, call.id);
	await register.listenings.end(register, { person: person.id }, 'left_player');
}

async function asCustomer(): Promise<void> {
	const ids = { id: 'v00000000000001', request: 'r00000000000001', appointment: 'a00000000000001' };
	const kiosk = { id: 'k00000000000001', office: 'o00000000000001' };
	const ends = new Date(Date.now() + 3600_000);
	const visit = { ...ids, kiosk: kiosk.id, state: 'player', ends, verifiedBy: 'p00000000000001' } as const;
	const { register } = house;
	const listener = { kind: 'kiosk', kiosk, visit: { ...visit, recordings: [call.id] } } as const;
	await register.listenings.open(register, listener, call.id);
	await register.listenings.end(register, { kiosk: kiosk.id }, 'customer');
}

const told = async (seeker: Someone) =>
	(await heardBy(house.register, seeker, call.id)).map(({ role, purpose, name, isSelf }) => [
		role,
		purpose,
		name,
		isSelf
	]);

test('an agent sees that a supervisor and the customer listened, when and why, and not who it was', async () => {
	expect(await told(agent)).toEqual([
		['customer', 'subject_access', undefined, false],
		['supervisor', 'training_and_quality', undefined, false],
		['agent', 'verify_call', 'Aapo Aarnisalo', true]
	]);
	const [last] = await heardBy(house.register, agent, call.id);
	expect(Date.now() - (last?.at.getTime() ?? 0)).toBeLessThan(60_000);
});

test('a supervisor knows the names of their subordinates, and of nobody else', async () => {
	expect(await told(supervisor)).toEqual([
		['customer', 'subject_access', undefined, false],
		['supervisor', 'training_and_quality', 'Sirkka Selänniemi', true],
		['agent', 'verify_call', 'Aapo Aarnisalo', false]
	]);
	expect(await told(successor)).toEqual([
		['customer', 'subject_access', undefined, false],
		['supervisor', 'training_and_quality', undefined, false],
		['agent', 'verify_call', 'Aapo Aarnisalo', false]
	]);
});

test('what is told of each listening is in the log, entry by entry', async () => {
	const entries = await house.register.accessLog.read({ limit: 50, where: { recording: call.id } });
	const begun = entries.filter(({ action, outcome }) => action === 'listen_begin' && outcome === 'done');
	expect(begun.map(({ at, role, purpose }) => [at, role, purpose])).toEqual(
		(await heardBy(house.register, agent, call.id)).map(({ at, role, purpose }) => [at.toISOString(), role, purpose])
	);
});
