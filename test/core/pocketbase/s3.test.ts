import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { get, type IncomingMessage } from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { takeOrders } from '#commands/beside.ts';
import { files as look } from '#doctor/files.ts';
import { readiness } from '#health.ts';
import { written } from '#pocketbase/collection.ts';
import { setStore, storeOf, storedFiles } from '#pocketbase/data-file.ts';
import { placesOf } from '#pocketbase/places.ts';
import { openRegister } from '#register.server.ts';
import { listen } from '#server.ts';
import type { Person } from '#staff/person.ts';
import { houseOn, type House } from '../../support/house-on.ts';
import { openHouse } from '../../support/house.ts';
import * as plant from '../../support/plant.ts';
import { accessKey, openStore, type S3Store } from '../../support/s3-store.ts';
import { freePort } from '../../support/serving.ts';
import { tones } from '../../support/tones.ts';
import { killed, kuuntelupiste } from '../commands/running.ts';
import { call, day, filesWith, sweepNow, type Planted } from '../retention/scene.ts';

// One register's way from the disk into the bucket and back: each test goes on where the one before ended.

let store: S3Store;
let house: House;
let agent: Person;
let folder: string;
let [over, fresh, late, due]: Planted[] = [];
const houses: House[] = [];

beforeAll(async () => {
	folder = await mkdtemp(path.join(os.tmpdir(), 'kuuntelupiste-moving-'));
	await writeFile(path.join(folder, 'secret'), `${accessKey.secret}\n`);
	store = await openStore();
	houses.push((house = await openHouse()));
	({ person: agent } = await plant.person(house, ['agent'], { signInName: 'aino' }));
	[over, fresh] = [await call(house, agent, daysAgo(200)), await call(house, agent, daysAgo(20))];
	due = await call(house, agent, daysAgo(201));
});
afterAll(async () => {
	for (const one of houses) await one.close();
	await store.close();
	await rm(folder, { recursive: true, force: true });
});

const daysAgo = (days: number): Date => new Date(Date.now() - days * day);
const environment = (data = house.data) => ({ KUUNTELUPISTE_DATA: data, KUUNTELUPISTE_MASTER_KEY: house.masterKey });
const told = () => [
	...['--endpoint', store.url, '--bucket', store.bucket, '--region', 'us-east-1'],
	...['--access-key', accessKey.id, '--secret-file', path.join(folder, 'secret')]
];
const toS3 = (...words: string[]) => kuuntelupiste(['storage', 'move-to-s3', ...words], environment());
const onDisk = () => placesOf(house.data, 'recordings').disk.folders();
const idsInBucket = async () => (await store.keys()).map((key) => key.split('/')[1]).sort();
const ids = (...some: (Planted | undefined)[]) => some.map((one) => one?.id).sort();

async function stop(): Promise<void> {
	await house.register.accessLog.close();
	await house.server.stop();
}

/** How many recordings lie at each place. */
const counts = async (): Promise<string> => `${(await onDisk()).length} ${(await store.keys()).length}`;

/** PocketBase and the register again, on a copy of the data folder as it is now. */
async function startAgain(settings: Record<string, string> = {}): Promise<void> {
	houses.push((house = await houseOn({ data: house.data, masterKey: house.masterKey }, settings)));
}

describe('the move to the bucket', () => {
	it('is refused into a bucket that keeps versions, by a key that is none, and while it is told by half', async () => {
		store.versioning = '<Status>Enabled</Status>';
		expect(await toS3(...told())).toMatchObject({ code: 1, err: expect.stringContaining('keeps versions') });
		store.versioning = undefined;
		const wrong = told().map((word) => (word === accessKey.id ? 'NOBODY' : word));
		expect(await toS3(...wrong)).toMatchObject({ code: 1, err: expect.stringContaining('InvalidAccessKeyId') });
		expect(await toS3(...told().slice(0, 6))).toMatchObject({ code: 1, err: expect.stringContaining('--secret-file') });
		expect(storeOf(house.data)).toBeUndefined();
		expect(await store.keys()).toEqual([]);
	});

	it('copies beside the running server, and leaves everything on the disk until that is stopped', async () => {
		const orders = await takeOrders(house.register);
		const { code, out, err } = await toS3(...told());
		expect([code, out]).toEqual([0, expect.stringMatching(/^3 sealed files copied, and read back\.\nNow stop/)]);
		expect(err).toContain('see to it that it does not');
		await orders.close();
		expect(await idsInBucket()).toEqual(ids(over, fresh, due));
		expect((await onDisk()).sort()).toEqual(ids(over, fresh, due));
		expect(storeOf(house.data)?.enabled).toBe(false);
		expect(await look(house.data)).toMatchObject({ state: 'look', said: 'files_moving' });
	});

	it('goes over when all is stopped: what came since is copied too, and nothing is left on the disk', async () => {
		late = await call(house, agent, daysAgo(5));
		await stop();
		const { code, out } = await toS3();
		expect([code, out]).toEqual([
			0,
			'1 sealed files copied, and read back.\nThe sealed files lie in the S3 store; 4 copies removed.\n'
		]);
		expect(await idsInBucket()).toEqual(ids(over, fresh, due, late));
		expect(await onDisk()).toEqual([]);
		for (const key of await store.keys()) {
			expect((await store.object(key)).subarray(0, 21).toString()).toBe('age-encryption.org/v1');
		}
		expect((await toS3()).out).toBe('The sealed files lie in the S3 store; 0 copies removed.\n');
	});
});

describe('with the files in the bucket', () => {
	beforeAll(() => freePort().then((port) => startAgain({ KUUNTELUPISTE_PORT: String(port) })));

	it('an import is stored there, read back from there, and nowhere else', async () => {
		const brought = path.join(folder, 'export');
		await mkdir(brought);
		await writeFile(path.join(brought, 'a.wav'), tones(2, [{ hertz: 440, level: 0.5 }]));
		const [from, to] = [daysAgo(3), new Date(daysAgo(3).getTime() + 2000)].map((at) => at.toISOString());
		await writeFile(
			path.join(brought, 'calls.csv'),
			`answered,disconnected,direction,line,service_number,customer_number,employee,audio\n${from},${to},received,customer_service,+358740010100,+358495550123,aino,a.wav\n`
		);
		expect(await kuuntelupiste(['import', brought], environment())).toMatchObject({
			code: 0,
			out: expect.stringContaining('1 imported')
		});
		expect(await store.keys()).toHaveLength(5);
		expect(await onDisk()).toEqual([]);
	});

	it('a released visit hears any stretch of it, and nothing while the store is away', async () => {
		const [office, contact] = [await plant.office(house), await plant.person(house, ['contact_person'])];
		const of = { office: office.id, contact: contact.person.id };
		const { headers } = await plant.hearer(house, { ...of, calls: [fresh?.id ?? ''] });
		const other = await plant.hearer(house, { ...of, calls: [late?.id ?? ''] });
		const server = await listen(house.register);
		const ask = async (id = '', asked: Record<string, string> = headers) => {
			const address = `http://127.0.0.1:${house.register.settings.port}/audio/${id}`;
			const response = await new Promise<IncomingMessage>((resolve, reject) => {
				get(address, { agent: false, headers: { ...asked, Range: 'bytes=20-149' } }, resolve).once('error', reject);
			});
			return { status: response.statusCode, body: await buffer(response) };
		};
		expect(await ask(fresh?.id)).toEqual({ status: 206, body: fresh?.plain.subarray(20, 150) });
		expect((await readiness(house.register)).files).toBe(true);
		await store.leave();
		expect((await ask(late?.id, other.headers)).status).toBe(503);
		expect((await readiness(house.register)).files).toBe(false);
		expect(await look(house.data)).toMatchObject({ state: 'act', said: 'files_unreached' });
		await store.open();
		expect((await ask(late?.id, other.headers)).status).toBe(206);
		await server.close();
	});

	it('nothing is certified that a bucket may keep, or while nobody can look; then all is gone, and so certified', async () => {
		const key = (await store.keys()).find((one) => one.includes(over?.id ?? '?')) ?? '';
		const sum = createHash('sha256')
			.update(await store.object(key))
			.digest('hex');
		const record = () => house.superuser.collection('destructions').getOne(over?.id ?? '');
		store.versioning = '<Status>Suspended</Status>';
		await expect(sweepNow(house)).rejects.toMatchObject({ reason: 'storage' });
		expect(await look(house.data)).toMatchObject({ state: 'act', said: 'files_versions' });
		expect((await record())['destroyed']).toBe('');
		store.versioning = '';
		await store.leave();
		await expect(sweepNow(house)).rejects.toMatchObject({ reason: 'storage' });
		await store.open();
		expect((await record())['destroyed']).toBe('');

		expect(await sweepNow(house)).toMatchObject({ recordings: 2 });
		expect(await record()).toMatchObject({ destroyed: expect.stringMatching(/^20/), sealed_sha256: sum });
		expect(await idsInBucket()).not.toEqual(expect.arrayContaining(ids(over)));
		expect(await idsInBucket()).not.toEqual(expect.arrayContaining(ids(due)));
		expect(await look(house.data)).toMatchObject({ state: 'fine', said: 'files_store' });
	});

	it('what is held is sealed anew there, and its first file is gone', async () => {
		const held = await call(house, agent, daysAgo(202));
		const contact = await plant.person(house, ['contact_person']);
		const until = written(new Date(Date.now() + 30 * day));
		const hold = await house.superuser.collection('holds').create({
			...{ recording: held.id, ground: 'legal_claim', placed: written(daysAgo(30)), until, asked_until: until },
			...{ placed_by: contact.person.id, confirmed_by: contact.person.id }
		});
		const before = (await store.keys()).filter((key) => key.includes(held.id));
		expect(await sweepNow(house)).toMatchObject({ resealed: 1, recordings: 0 });
		const after = (await store.keys()).filter((key) => key.includes(held.id));
		expect([before.length, after.length]).toEqual([1, 1]);
		expect(after).not.toEqual(before);
		await house.superuser.collection('holds').update(hold.id, { ended: written(new Date()), ended_why: 'by_hand' });
		expect(await sweepNow(house)).toMatchObject({ recordings: 1 });
		expect((await store.keys()).filter((key) => key.includes(held.id))).toEqual([]);
	});

	it('reconcile finds what lies there without a recording, and what is not there', async () => {
		const orders = await takeOrders(house.register);
		const clean = await kuuntelupiste(['reconcile'], environment());
		expect([clean.code, clean.out]).toEqual([0, '3 recordings, 0 findings, 0 removed\n']);
		const { bucket } = placesOf(house.data, 'recordings');
		await bucket?.write('orphan000000000', 'sealed.age', Buffer.from('left'));
		await store.age('orphan000000000', daysAgo(1));
		const gone = (await store.keys()).find((one) => one.includes(late?.id ?? '?')) ?? '';
		const bytes = await store.object(gone);
		await bucket?.remove(late?.id ?? '');
		const { code, err } = await kuuntelupiste(['reconcile', '--remove'], environment());
		expect(code).toBe(1);
		expect(err.trim().split('\n').sort()).toEqual(
			[`${late?.id}: a recording whose file is not there`, 'orphan000000000: a file without a recording'].sort()
		);
		expect(await idsInBucket()).not.toContain('orphan000000000');
		await bucket?.write(late?.id ?? '', path.basename(gone), bytes);
		await orders.close();
	});

	it('a backup holds the sealed files and no key of the store, and what is restored from it stands on its own disk', async () => {
		const orders = await takeOrders(house.register);
		const [to, keys] = [path.join(folder, 'copies'), path.join(folder, 'keys')];
		const made = await kuuntelupiste(['backup', to, '--keys', keys], environment());
		expect(made).toMatchObject({ code: 0, out: expect.stringContaining(': 3 recordings,') });
		await orders.close();
		expect(await filesWith(to, [`"${accessKey.secret}"`, store.url])).toEqual([]);
		const [copy, keysCopy] = [(await readdir(to))[0] ?? '', (await readdir(keys))[0] ?? ''];
		const before = (await store.keys()).sort();
		const elsewhere = path.join(folder, 'elsewhere');
		const restored = await kuuntelupiste(
			['restore', path.join(to, copy), '--keys', path.join(keys, keysCopy)],
			environment(elsewhere)
		);
		expect([restored.code, restored.err]).toEqual([0, '']);
		expect(restored.out).toMatch(/^3 recordings restored, 0 destroyed again/);
		expect(storeOf(elsewhere)).toBeUndefined();
		expect(await placesOf(elsewhere, 'recordings').disk.folders()).toHaveLength(3);
		expect((await store.keys()).sort()).toEqual(before);
	});

	it('a store that is half set is no reason to take the disk: nothing starts', async () => {
		const known = storeOf(house.data);
		if (!known) throw new Error('there is no store');
		setStore(house.data, { ...known, secret: '' });
		const refused = { reason: 'store_settings', detail: expect.stringContaining('its secret is not set') };
		await expect(openRegister(house.register.settings, house.url)).rejects.toMatchObject(refused);
		expect((await readiness(house.register)).files).toBe(false);
		setStore(house.data, known);
	});
});

it('the way back, killed in the middle, loses nothing, and neither does the way there', async () => {
	for (let count = 0; count < 24; count++) await call(house, agent, daysAgo(30 + count));
	await stop();
	const all = [...storedFiles(house.data)].flat();
	const sums = async (place: 'disk' | 'bucket') => {
		const storage = placesOf(house.data, 'recordings')[place];
		return Promise.all(all.map(({ record, file }) => storage?.sha256(record, file)));
	};
	const before = await sums('bucket');
	for (const [command, to] of [
		['move-to-disk', 'disk'],
		['move-to-s3', 'bucket']
	] as const) {
		const words = command === 'move-to-s3' ? told() : [];
		const as = await counts();
		const changed = async () => (await counts()) !== as;
		expect(await killed(['storage', command, ...words], environment(), changed, 20)).toBe(true);
		const there = [await sums('disk'), storeOf(house.data) ? await sums('bucket') : []];
		expect(before.map((sum, at) => there.some((place) => place[at] === sum))).not.toContain(false);
		expect((await kuuntelupiste(['storage', command, ...words], environment())).code).toBe(0);
		expect(await sums(to)).toEqual(before);
		if (to === 'bucket') expect(await onDisk()).toEqual([]);
		else expect(await store.keys()).toEqual([]);
	}
	await startAgain();
});

it('the way back reads each file again, empties the bucket, and forgets the access key', async () => {
	const orders = await takeOrders(house.register);
	const back = ['storage', 'move-to-disk'];
	expect((await kuuntelupiste(back, environment())).out).toMatch(/^27 sealed files copied, and read back\.\nNow stop/);
	await orders.close();
	expect(await store.keys()).toHaveLength(27);
	await stop();
	const { code, out } = await kuuntelupiste(back, environment());
	expect([code, out]).toEqual([
		0,
		'0 sealed files copied, and read back.\nThe sealed files lie on the disk; 27 copies removed.\n'
	]);
	expect(await store.keys()).toEqual([]);
	expect(storeOf(house.data)).toBeUndefined();
	expect(await filesWith(path.join(house.data, 'pocketbase'), [store.url])).toEqual([]);
	await startAgain();
	const known = [...storedFiles(house.data)].flat();
	expect(known).toHaveLength(27);
	const token = await house.superuser.files.getToken();
	for (const { record, file } of known) {
		const answer = await fetch(`${house.url}/api/files/recordings/${record}/${file}?token=${token}`);
		expect(
			Buffer.from(await answer.arrayBuffer())
				.subarray(0, 21)
				.toString()
		).toBe('age-encryption.org/v1');
	}
});
