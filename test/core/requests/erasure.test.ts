import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { close } from '#requests/closing.ts';
import { erasedBefore, eraseRequesters } from '#requests/erasure.ts';
import * as requests from '#requests/request.ts';
import type { Desk } from '#requests/request.ts';
import { openHouse, type House } from '../../support/house.ts';
import * as plant from '../../support/plant.ts';

const month = 31 * 24 * 3600_000;
let house: House;
let desk: Desk;
beforeAll(async () => {
	house = await openHouse({ KUUNTELUPISTE_REQUESTER_MONTHS: '3' });
	desk = await plant.person(house, ['contact_person']);
});
afterAll(() => house.close());

/** Every file of the data folder that holds this text. */
async function filesWith(text: string): Promise<string[]> {
	const found: string[] = [];
	for (const file of await readdir(house.data, { recursive: true, withFileTypes: true })) {
		if (!file.isFile()) continue;
		const bytes = await readFile(path.join(file.parentPath, file.name)).catch(() => Buffer.alloc(0));
		if (bytes.includes(text)) found.push(file.name);
	}
	return found;
}

const of = (marker: string) => ({
	received: new Date(),
	channel: 'email' as const,
	language: 'fi' as const,
	name: `Nimi${marker}`,
	reach: `reach${marker}@esimerkki.example`,
	remembers: `Muistaa${marker} `.repeat(200),
	actingName: `Edustaja${marker}`,
	actingBasis: 'power_of_attorney' as const
});

test('who asked is gone the configured time after the end, from the database’s files too; the bare request stays', async () => {
	const [old, young, open] = [
		await requests.receive(house.register, desk, of('vanhamerkki')),
		await requests.receive(house.register, desk, of('nuorimerkki')),
		await requests.receive(house.register, desk, of('avoinmerkki'))
	];
	await close(house.register, desk, old.id, 'refused', { ground: 'unfounded', note: 'Perusteluvanhamerkki' });
	const ended = new Date();
	house.clock.now = new Date(ended.getTime() + 2 * month);
	await close(house.register, desk, young.id, 'withdrawn');
	expect(await filesWith('vanhamerkki')).not.toEqual([]);
	expect(await eraseRequesters(house.register)).toBe(0);

	house.clock.now = new Date(ended.getTime() + 4 * month);
	// The clock has jumped: nobody is erased by it before an operator has agreed to it.
	expect(await eraseRequesters(house.register)).toBe(0);
	expect(await filesWith('vanhamerkki')).not.toEqual([]);
	expect(await house.register.accessLog.read({ limit: 1 })).toMatchObject([
		{ action: 'erase_requesters', outcome: 'refused', reason: 'clock_jumped', measures: { requests: 1 } }
	]);
	await house.register.sweeps.run(house.register, { agreed: 0 });
	expect(await eraseRequesters(house.register)).toBe(1);
	expect(await filesWith('vanhamerkki')).toEqual([]);
	expect(await filesWith('nuorimerkki')).not.toEqual([]);
	const bare = await requests.requests(house.superuser).one(old.id);
	expect(bare).toMatchObject({ name: '', reach: '', remembers: '', alike: { name: '', reach: '' } });
	expect(bare).toMatchObject({ state: 'closed', closedAs: 'refused', channel: 'email', refusal: { note: '' } });
	expect(bare.erased).toEqual(house.clock.now);
	expect((await requests.requests(house.superuser).one(open.id)).name).toBe('Nimiavoinmerkki');
	const [line] = await house.register.accessLog.read({ limit: 1 });
	expect(line).toMatchObject({ action: 'erase_requesters', role: 'system', measures: { requests: 1 } });

	// It is erased for good, and the retention can neither read nor change what is not due.
	await expect(
		house.superuser.collection('requests').update(old.id, { name: 'Nimivanhamerkki' })
	).rejects.toMatchObject({ status: 400 });
	const rows = house.register.retention.collection('requests');
	await expect(rows.update(open.id, { name: '' })).rejects.toMatchObject({ status: 404 });
	await expect(rows.update(young.id, { name: 'Joku muu' })).rejects.toMatchObject({ status: 404 });
	await expect(rows.update(young.id, { closed_as: 'heard' })).rejects.toMatchObject({ status: 404 });
	expect(await eraseRequesters(house.register)).toBe(0);
	house.clock.now = undefined;
});

test('the months are calendar months of Helsinki’s', () => {
	expect(erasedBefore(new Date('2026-11-30T10:00+02:00'), 6)).toEqual(new Date('2026-05-30T10:00+03:00'));
	expect(erasedBefore(new Date('2026-08-31T10:00+03:00'), 6)).toEqual(new Date('2026-02-28T10:00+02:00'));
});
