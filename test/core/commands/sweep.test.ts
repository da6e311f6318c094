import { mkdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { takeOrders } from '#commands/beside.ts';
import { openStorage } from '#pocketbase/places.ts';
import { startSweeping } from '#retention/timer.ts';
import { verify } from '#access-log/verify.ts';
import type { Person } from '#staff/person.ts';
import { openHouse, type House } from '../../support/house.ts';
import * as plant from '../../support/plant.ts';
import { call, day, leftOf } from '../retention/scene.ts';
import { kuuntelupiste } from './running.ts';

let house: House;
let agent: Person;
let environment: Record<string, string>;
beforeAll(async () => {
	house = await openHouse();
	environment = { KUUNTELUPISTE_DATA: house.data, KUUNTELUPISTE_MASTER_KEY: house.masterKey };
	({ person: agent } = await plant.person(house, ['agent']));
});
afterAll(() => house.close());

const daysAgo = (days: number): Date => new Date(Date.now() - days * day);
const storageOf = async (id: string): Promise<string> =>
	path.join(house.data, 'pocketbase', 'storage', (await house.superuser.collections.getOne('recordings')).id, id);

describe('beside a running server', () => {
	it('a sweep is done by the server, in its own log', async () => {
		const commands = await takeOrders(house.register);
		const [over, fresh] = [await call(house, agent, daysAgo(200)), await call(house, agent, daysAgo(20))];
		const { code, out, err } = await kuuntelupiste(['sweep'], environment);
		expect([code, err]).toEqual([0, '']);
		expect(out).toMatch(
			/^1 recordings destroyed, 1 keys destroyed, 0 sealed anew, 0 holds ended; the latest \d+ s after its time\n$/
		);
		expect(await leftOf(house, over)).toMatchObject({ row: false, folder: false, certified: true });
		expect(await leftOf(house, fresh)).toMatchObject({ row: true, opens: true });
		expect(await house.register.accessLog.read({ limit: 1, where: { recording: over.id } })).toMatchObject([
			{ action: 'destroy_recording', purpose: 'retention' }
		]);
		await commands.close();
	});

	it('a sweep that would destroy far more than usual stops, says the number, and goes on with it', async () => {
		const commands = await takeOrders(house.register);
		for (let count = 0; count < 12; count++)
			await call(house, agent, new Date(daysAgo(210).getTime() + count * 60_000));
		const stopped = await kuuntelupiste(['sweep'], environment);
		expect([stopped.code, stopped.out]).toEqual([
			1,
			'0 recordings destroyed, 0 keys destroyed, 0 sealed anew, 0 holds ended\n'
		]);
		expect(stopped.err).toContain('Stopped before any was destroyed: 12 are due');
		expect(stopped.err).toContain('kuuntelupiste sweep --yes-destroy 12\n');
		expect((await kuuntelupiste(['sweep', '--yes-destroy', '11'], environment)).code).toBe(1);
		expect((await kuuntelupiste(['sweep', '--yes-destroy', 'all'], environment)).err).toContain('whole number');
		expect((await kuuntelupiste(['sweep', '--yes-destroy', '12'], environment)).out).toMatch(
			/^12 recordings destroyed/
		);
		await commands.close();
	});

	it('only the folder’s owner can give it orders, and without it a command says who holds the log', async () => {
		const commands = await takeOrders(house.register);
		const socket = path.join(house.data, 'orders.socket');
		expect((await stat(socket)).mode & 0o777).toBe(0o600);
		await commands.close();
		await expect(stat(socket)).rejects.toMatchObject({ code: 'ENOENT' });
		const { code, err } = await kuuntelupiste(['sweep'], environment);
		expect(code).toBe(1);
		expect(err).toMatch(/^kuuntelupiste: Another process writes the access log[^\n]*\n$/);
	});

	it('reconcile names what does not fit, and removes what belongs to no recording', async () => {
		const commands = await takeOrders(house.register);
		const whole = await call(house, agent, daysAgo(9));
		const lost = await call(house, agent, daysAgo(8));
		await rm(await storageOf(lost.id), { recursive: true });
		const keyless = await call(house, agent, daysAgo(7));
		await house.register.keyring.destroy({ day: keyless.day });
		const [orphan, arriving] = [await storageOf('orphan000000000'), await storageOf('arriving0000000')];
		for (const folder of [orphan, arriving]) {
			await mkdir(folder);
			await writeFile(path.join(folder, 'sealed.age'), 'left');
		}
		await utimes(orphan, daysAgo(1), daysAgo(1));
		await house.register.keyring.ownRecipientFor('stray0000000000');

		const { code, out, err } = await kuuntelupiste(['reconcile'], environment);
		expect([code, out]).toEqual([1, '4 recordings, 4 findings, 0 removed\n']);
		expect(err.trim().split('\n').sort()).toEqual(
			[
				`${lost.id}: a recording whose file is not there`,
				`${keyless.id}: a recording that no key opens`,
				'orphan000000000: a file without a recording',
				'stray0000000000: a key of its own without a recording'
			].sort()
		);
		expect((await kuuntelupiste(['reconcile', '--remove'], environment)).out).toBe(
			'4 recordings, 4 findings, 2 removed\n'
		);
		await expect(stat(orphan)).rejects.toMatchObject({ code: 'ENOENT' });
		expect((await stat(arriving)).isDirectory()).toBe(true);
		expect((await house.register.keyring.list()).recordings).toEqual([]);
		expect(await leftOf(house, whole)).toMatchObject({ row: true, opens: true });
		const [last] = await house.register.accessLog.read({ limit: 1, where: { action: 'reconcile' } });
		expect(last).toMatchObject({ outcome: 'done', measures: { recordings: 2 } });
		await house.superuser.collection('recordings').delete(lost.id);
		await house.superuser.collection('recordings').delete(keyless.id);
		await commands.close();
	});
});

it('the server sweeps by itself, makes a pause good, and ends with the server', async () => {
	const one = await call(house, agent, daysAgo(220));
	const sweeping = startSweeping(house.register, { pauseMs: 50 });
	await expect.poll(() => leftOf(house, one), { timeout: 20_000 }).toMatchObject({ row: false, certified: true });
	const next = await call(house, agent, daysAgo(230));
	await expect.poll(() => leftOf(house, next), { timeout: 20_000 }).toMatchObject({ row: false, certified: true });
	await sweeping.stop();
	const { last } = house.register.sweeps;
	await new Promise((resolve) => setTimeout(resolve, 200));
	expect(house.register.sweeps.last).toBe(last);
});

it('a sweep alone opens the register for its own time', async () => {
	const one = await call(house, agent, daysAgo(240));
	await house.register.accessLog.close();
	await house.server.stop();
	const { code, out } = await kuuntelupiste(['sweep'], environment);
	expect([code, out]).toEqual([0, expect.stringMatching(/^1 recordings destroyed, 1 keys destroyed/)]);
	expect(await openStorage(house.data, 'recordings').folders()).not.toContain(one.id);
	expect(await verify(path.join(house.data, 'access-log'))).toMatchObject({ intact: true });
});
