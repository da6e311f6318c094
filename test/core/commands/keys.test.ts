import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { takeOrders } from '#commands/beside.ts';
import { helsinkiDay } from '#sealing/day.ts';
import type { Role } from '#staff/person.ts';
import { enrol, signIn } from '#staff/sign-in.ts';
import { openHouse, type House } from '../../support/house.ts';
import * as plant from '../../support/plant.ts';
import { call, day } from '../retention/scene.ts';
import { kuuntelupiste } from './running.ts';

let house: House;
// Where whoever takes a key puts it: not in the data folder.
const outside = mkdtempSync(path.join(os.tmpdir(), 'kuuntelupiste-taken-'));
let environment: Record<string, string>;
let recent: Awaited<ReturnType<typeof call>>;
let over: Awaited<ReturnType<typeof call>>;
let recentDay: string;
let overDay: string;
beforeAll(async () => {
	house = await openHouse({ KUUNTELUPISTE_SECOND_FACTOR: 'yes' });
	environment = {
		KUUNTELUPISTE_DATA: house.data,
		KUUNTELUPISTE_MASTER_KEY: house.masterKey,
		KUUNTELUPISTE_SECOND_FACTOR: 'yes'
	};
	const { person: agent } = await plant.person(house, ['agent']);
	const [recently, longAgo] = [new Date(Date.now() - 20 * day), new Date(Date.now() - 200 * day)];
	[recentDay, overDay] = [helsinkiDay(recently), helsinkiDay(longAgo)];
	[recent, over] = [await call(house, agent, recently), await call(house, agent, longAgo)];
});
afterAll(async () => {
	rmSync(outside, { recursive: true, force: true });
	await house.close();
});

/** Somebody who has signed in before, and what they type. Each code opens once, so each person helps once. */
async function helper(...roles: Role[]) {
	const { person, signInName } = await plant.person(house, roles);
	const answer = await signIn(house.register, signInName, plant.password, { address: '127.0.0.1' });
	if (!('half' in answer)) throw new Error('a password was enough');
	const { offered } = house.register.halfSignIns.find(answer.half, new Date()) ?? { offered: '' };
	const totp = new TOTP({ secret: Secret.fromBase32(offered) });
	const { codes } = await enrol(house.register, answer.half, totp.generate());
	// A clock may be half a minute fast: the code after the one that is used up.
	const typed = (code = totp.generate({ timestamp: Date.now() + 30_000 })) =>
		`${signInName}\n${plant.password}\n${code}\n`;
	return { person, typed, recovery: codes[0] };
}
type Helper = Awaited<ReturnType<typeof helper>>;

const fileOf = (name: string): string => path.join(outside, name);
const exported = (which: string, to: string, first: Helper, second: Helper) =>
	kuuntelupiste(['keys', 'export-day', which, '--to', to], environment, first.typed() + second.typed());
const logged = () => house.register.accessLog.read({ limit: 2, where: { action: 'export_key' } });

/**
 * Every file of the data folder that holds one of these words. In a process of its own: whoever closes a file of
 * SQLite's gives up the locks that the same process has on it.
 */
function holding(...wanted: string[]): string[] {
	const words = wanted.flatMap((word) => ['-e', word]);
	const { stdout } = spawnSync('grep', ['-rlaF', ...words, house.data], { encoding: 'utf8' });
	return stdout.split('\n').filter((file) => file !== '');
}

describe('keys export-day', () => {
	it('gives a day’s key to two persons, once, in a file of its owner; age opens that day’s calls with it', async () => {
		const commands = await takeOrders(house.register);
		const [maintainer, auditor] = [await helper('maintainer'), await helper('auditor')];
		const to = fileOf('day.key');
		const { code, out, err } = await exported(recentDay, to, maintainer, auditor);
		await commands.close();
		expect(err).not.toContain(plant.password);
		expect([code, out]).toEqual([0, expect.stringContaining(to)]);
		expect(out + err).not.toContain('AGE-SECRET-KEY');
		expect(statSync(to).mode & 0o777).toBe(0o600);
		const { id } = await house.superuser.collections.getOne('recordings');
		const { audio } = await house.superuser.collection('recordings').getOne(recent.id);
		const sealed = path.join(house.data, 'pocketbase', 'storage', id, recent.id, audio);
		expect(Buffer.compare(execFileSync('age', ['-d', '-i', to, sealed]), recent.plain)).toBe(0);
		const measures = { day: Number(recentDay.replaceAll('-', '')) };
		expect((await logged()).toReversed()).toMatchObject([
			{ outcome: 'done', actor: maintainer.person.id, role: 'maintainer', measures },
			{ outcome: 'done', actor: auditor.person.id, role: 'auditor', measures }
		]);
		const again = await exported(recentDay, to, await helper('maintainer'), await helper('maintainer'));
		expect([again.code, again.err]).toEqual([1, expect.stringContaining('is there already')]);
		expect(await logged()).toHaveLength(2);
	});

	it.each<[string, Role[], Role[], string]>([
		['two auditors', ['auditor'], ['auditor'], 'one must be a maintainer'],
		['a contact person', ['maintainer'], ['contact_person'], 'one must be a maintainer']
	])('gives none to %s, and the log says so', async (_who, one, other, why) => {
		const commands = await takeOrders(house.register);
		const to = fileOf('refused.key');
		const { code, err } = await exported(recentDay, to, await helper(...one), await helper(...other));
		await commands.close();
		expect([code, err]).toEqual([1, expect.stringContaining(why)]);
		expect(existsSync(to)).toBe(false);
		expect(await logged()).toMatchObject([
			{ outcome: 'refused', reason: 'wrong_role' },
			{ outcome: 'refused', reason: 'wrong_role' }
		]);
	});

	it('gives none to one person alone, though they sign in twice', async () => {
		const commands = await takeOrders(house.register);
		const { typed, recovery } = await helper('maintainer', 'auditor');
		const words = ['keys', 'export-day', recentDay, '--to', fileOf('alone')];
		const { code, err } = await kuuntelupiste(words, environment, typed() + typed(recovery));
		await commands.close();
		expect([code, err]).toEqual([1, expect.stringContaining('two different persons')]);
		expect(existsSync(fileOf('alone'))).toBe(false);
	});

	it('gives none whose six months are over, and none that is destroyed', async () => {
		const commands = await takeOrders(house.register);
		const to = fileOf('late.key');
		const late = await exported(overDay, to, await helper('maintainer'), await helper('maintainer'));
		expect([late.code, late.err]).toEqual([1, expect.stringContaining('six months of that day are over')]);
		const never = await exported('2999-01-01', to, await helper('maintainer'), await helper('auditor'));
		await commands.close();
		expect([never.code, never.err]).toEqual([1, expect.stringContaining('that day has no key')]);
		expect(existsSync(to)).toBe(false);
	});
});

describe('a destroyed key', () => {
	it('is nowhere in the data folder any more, under any name, and keys status no longer speaks of it', async () => {
		const before = await kuuntelupiste(['keys', 'status'], environment);
		expect([before.code, before.out]).toEqual([
			1,
			`2 day keys, ${overDay} to ${recentDay}; 0 keys of held recordings\n`
		]);
		expect(before.err).toBe(`${overDay}: its six months are over; the next sweep destroys it\n`);
		const keyFile = path.join(house.data, 'keys', 'days', `${overDay}.age`);
		// The ephemeral share and the wrapped key: every copy of the file has them, and nothing else.
		const marks = readFileSync(keyFile, 'latin1').split('\n').slice(1, 3);
		const identity = await house.register.keyring.identityFor(overDay);
		expect(holding(...marks, identity)).toEqual([keyFile]);

		const commands = await takeOrders(house.register);
		expect((await kuuntelupiste(['sweep'], environment)).out).toMatch(/^1 recordings destroyed, 1 keys destroyed/);
		await commands.close();
		expect(holding(...marks, identity)).toEqual([]);
		expect(readdirSync(path.join(house.data, 'keys', 'days'))).toEqual([`${recentDay}.age`]);
		const after = await kuuntelupiste(['keys', 'status'], environment);
		expect([after.code, after.err, after.out]).toEqual([
			0,
			'',
			`1 day keys, ${recentDay} to ${recentDay}; 0 keys of held recordings\n`
		]);
		expect(
			await house.superuser.collection('recordings').getList(1, 5, { filter: `id = '${over.id}'` })
		).toHaveProperty('items', []);
	});
});

describe('keys rotate-master', () => {
	it('is refused beside a server; alone it makes the new key, after which the old one opens nothing', async () => {
		const to = fileOf('new-master');
		const beside = await kuuntelupiste(['keys', 'rotate-master', '--to', to], environment);
		expect(beside.code).toBe(1);
		await house.register.accessLog.close();
		await house.server.stop();
		const { code, out, err } = await kuuntelupiste(['keys', 'rotate-master', '--to', to], environment);
		expect([code, err]).toEqual([0, '']);
		expect(out).toMatch(/^\d+ files of the keyring are under the new master key, and the old one opens none\.\n/);
		expect(out).toContain(`KUUNTELUPISTE_MASTER_KEY_FILE=${to}`);
		expect(statSync(to).mode & 0o777).toBe(0o600);
		const old = await kuuntelupiste(['keys', 'status'], environment);
		expect([old.code, old.err]).toEqual([1, expect.stringContaining('The master key does not open')]);
		const renewed = { ...environment, KUUNTELUPISTE_MASTER_KEY: '', KUUNTELUPISTE_MASTER_KEY_FILE: to };
		expect((await kuuntelupiste(['keys', 'status'], renewed)).out).toMatch(/^1 day keys/);
		expect((await kuuntelupiste(['reconcile'], renewed)).out).toBe('1 recordings, 0 findings, 0 removed\n');
		expect(holding(house.masterKey)).toEqual([]);
	});
});
