import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Entry } from '#access-log/entry.ts';
import { accesses, extractOf } from '#access-log/extract.ts';
import { extract, packageOf, type Reader } from '#requests/accountability.ts';
import { openHouse, type House } from '../../support/house.ts';
import * as plant from '../../support/plant.ts';

let house: House;
let contact: Reader;
let auditor: Reader;
let agent: string;
beforeAll(async () => {
	house = await openHouse();
	contact = {
		...(await plant.person(house, ['contact_person'], { name: 'Kaisa Koivuranta' })),
		role: 'contact_person'
	};
	auditor = { ...(await plant.person(house, ['auditor'])), role: 'auditor' };
	agent = (await plant.person(house, ['agent'], { name: 'Aapo Aarnisalo' })).person.id;
});
afterAll(() => house.close());

const call = 'acallofsomebody';
const other = 'anothercustomer';

/** A request with one bound call, which an agent and then its data subject heard. */
async function aRequest(fields: Record<string, unknown> = {}): Promise<string> {
	const { id } = await plant.request(house, contact.person.id, { ...fields, language: 'sv' });
	const by = { actor: contact.person.id, role: 'contact_person', purpose: 'subject_access', outcome: 'done' } as const;
	const heard = { actor: agent, role: 'agent', purpose: 'verify_call', outcome: 'done', recording: call } as const;
	await house.register.accessLog.append([
		{ ...heard, action: 'listen_begin' },
		{ ...heard, action: 'listen_heartbeat', measures: { seconds_heard: 5 } },
		{ ...heard, action: 'listen_end', reason: 'left_player', measures: { seconds_heard: 12 } },
		{ ...heard, action: 'open_audio', outcome: 'refused', reason: 'training_expired' },
		{ ...by, action: 'receive_request', request: id },
		{ ...by, action: 'bind_recording', request: id, recording: call },
		{ ...by, action: 'bind_recording', request: id, recording: other },
		{ ...by, action: 'unbind_recording', request: id, recording: other },
		{ action: 'destroy_recording', role: 'system', outcome: 'done', recording: call }
	] satisfies Entry[]);
	return id;
}

const lastActions = async (count: number) =>
	(await house.register.accessLog.read({ limit: count })).map(({ action, reason }) => [action, reason]).reverse();

it('an extract says who as a role, when and why, of the bound call only, and is an entry', async () => {
	const id = await aRequest();
	const made = await extract(house.register, contact, id);
	expect(made).toMatchObject({ language: 'sv', names: new Map() });
	expect(made.recordings.map((one) => one.id)).toEqual([call]);
	const lines = made.recordings[0]?.accesses.map(({ role, action, purpose, heard }) => [role, action, purpose, heard]);
	expect(lines).toEqual([
		['agent', 'listen_begin', 'verify_call', 12],
		['contact_person', 'bind_recording', 'subject_access', undefined],
		['system', 'destroy_recording', undefined, undefined]
	]);
	expect(await lastActions(1)).toEqual([['make_extract', undefined]]);
});

it('employees are named only when a contact person says why, and that is an entry of its own', async () => {
	const id = await aRequest();
	const { names } = await extract(house.register, contact, id, { naming: 'names_essential' });
	expect([...names.values()].sort()).toEqual(['Aapo Aarnisalo', 'Kaisa Koivuranta']);
	expect(await lastActions(2)).toEqual([
		['make_extract', undefined],
		['disclose_names', 'names_essential']
	]);
	await expect(extract(house.register, auditor, id, { naming: 'names_essential' })).rejects.toMatchObject({
		kind: 'refused'
	});
});

it('the papers of a request hold its history and the fate of its calls, verified, and nobody’s data', async () => {
	const id = await aRequest();
	const papers = await packageOf(house.register, auditor, id);
	expect(papers).toMatchObject({ facts: undefined, recordings: [call], verdict: { intact: true } });
	const actions = papers.entries.filter(({ request }) => request === id).map(({ action }) => action);
	expect(actions).toEqual(['receive_request', 'bind_recording', 'bind_recording', 'unbind_recording']);
	expect(papers.entries.map(({ action }) => action)).toContain('destroy_recording');
	expect(await lastActions(1)).toEqual([['make_package', undefined]]);
	const open = await packageOf(house.register, contact, id);
	expect(open.facts).toMatchObject({ channel: 'phone', state: 'received' });
	for (const text of [JSON.stringify(papers), JSON.stringify(open)]) {
		expect(text).not.toMatch(/Testi Asiakas|esimerkki\.example|Paketti/);
	}
});

it('a contact person makes them only while the request is open; an auditor of any that the log knows; nobody else', async () => {
	const closed = await aRequest({ state: 'closed', closed_as: 'heard', closed: new Date().toISOString() });
	for (const make of [packageOf, extract]) {
		await expect(make(house.register, contact, closed)).rejects.toMatchObject({ reason: 'request_closed' });
		expect(await make(house.register, auditor, closed)).toMatchObject({ request: closed });
		await expect(make(house.register, auditor, 'nobodysrequest0')).rejects.toMatchObject({ kind: 'missing' });
		const pretender = { ...auditor, person: { ...auditor.person, roles: ['maintainer' as const] } };
		await expect(make(house.register, pretender, closed)).rejects.toMatchObject({ reason: 'wrong_role' });
	}
});

it('two listenings at once keep their seconds apart', async () => {
	const at = '2026-11-02T10:00:00.000Z';
	const line = { role: 'customer', outcome: 'done', at, previous: '', v: 1, sequence: 1 } as const;
	const found = extractOf([
		{ ...line, action: 'listen_begin', actor: 'a', visit: 'one' },
		{ ...line, action: 'listen_begin', actor: 'b', visit: 'two' },
		{ ...line, action: 'listen_end', actor: 'a', visit: 'one', measures: { seconds_heard: 3 } },
		{ ...line, action: 'listen_end', actor: 'b', visit: 'two', measures: { seconds_heard: 9 } }
	]);
	expect(found.map(({ heard }) => heard)).toEqual([3, 9]);
	expect(await accesses(house.register.accessLog, 'nobodyscall0000')).toEqual([]);
});
