import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { verify } from '#access-log/verify.ts';
import * as plant from '../support/plant.ts';
import { setStage } from './kills/stage.ts';
import { ask } from './slow/others.ts';

// A disk that fills up in steps, and one that can only be read, under the server: what is answered is right or says
// calmly that it cannot be; no sound without its line; and everything is as before when there is room again. Needs the
// right to mount. `npm run faults -- disk`

const mount = (...words: string[]): boolean => spawnSync('mount', words, { stdio: 'ignore' }).status === 0;
const place = mkdtempSync(path.join(os.tmpdir(), 'kuuntelupiste-disk-'));
if (!mount('-t', 'tmpfs', '-o', 'size=128m', 'tmpfs', place)) {
	console.log('skipped: a small disk cannot be mounted here');
	process.exit();
}
process.env['TMPDIR'] = place;
const stage = await setStage();
const { serving, calls, contact, office, rows, lines } = stage;
const filler = path.join(place, 'filler');
const found: Record<string, string | number>[] = [];
let wrong = 0;
try {
	let cookie = await stage.signIn();
	const house = { superuser: await stage.superuser() };
	const somebody = { office, contact: contact.id, calls };
	const visits: { visit: string; headers: plant.MediaHeaders }[] = [];
	// All that is planted is there before the disk is full.
	for (let count = 0; count < 8; count++) visits.push(await plant.hearer(house, somebody));
	const requests: string[] = [];
	for (let count = 0; count < 8; count++) requests.push((await plant.request(house, contact.id)).id);

	await step('room enough');
	for (const left of [4_000_000, 1_000_000, 200_000, 0]) {
		rmSync(filler, { force: true });
		const { bavail, bsize } = statfsSync(place);
		fill(Math.max(0, bavail * bsize - left));
		await step(`${left / 1000} kB left`);
	}
	rmSync(filler, { force: true });
	await recovered();
	await step('room again', true);
	// A file system with files open for writing cannot be made read-only: so the server is started on one.
	await serving.stop();
	const isReadOnly = mount('-o', 'remount,ro', place);
	const refused = await serving.again().then(
		() => 'it started',
		(fault: Error) => fault.message.trim()
	);
	console.log(`on a read-only disk: ${refused.replace(place, '…')}`);
	if (!isReadOnly || !/^it did not start: kuuntelupiste: [^\n]+ cannot be written: [^\n]+$/.test(refused)) wrong++;
	mount('-o', 'remount,rw', place);
	await serving.again();
	cookie = await stage.signIn();
	await step('to be written again', true);

	console.table(found);
	const verdict = await verify(path.join(serving.data, 'access-log'));
	const [integrity] = rows('PRAGMA integrity_check');
	console.log(
		`log ${verdict.intact ? 'intact' : verdict.fault}, database ${String(integrity?.['integrity_check'])}, ${wrong} wrong`
	);
	if (!verdict.intact || integrity?.['integrity_check'] !== 'ok') wrong++;

	async function step(disk: string, mustWork = false): Promise<void> {
		const { visit, headers } = visits.shift() ?? (await plant.hearer(house, somebody));
		const [request = ''] = requests.splice(0, 1);
		const [call = ''] = calls;
		const play = await ask(`${serving.origin}/audio/${call}`, headers);
		const hasLine = lines("SELECT 1 FROM entries WHERE action = 'listen_begin' AND visit = ?", visit).length > 0;
		const page = await ask(`${serving.origin}/console/requests`, { Cookie: cookie });
		const change = await stage.send(`/console/requests/${request}?/wish`, { wish: 'copy' });
		const wishes = rows('SELECT wishes FROM requests WHERE id = ?', request)[0]?.['wishes'];
		const [alive, ready] = [await ask(`${serving.origin}/healthz`), await ask(`${serving.origin}/readyz`)];
		const kept = String(wishes).includes('copy');
		found.push({
			disk,
			play: play.status,
			'its line': hasLine ? 'yes' : 'no',
			page: page.status,
			change,
			kept: kept ? 'yes' : 'no',
			alive: alive.status,
			ready: ready.status
		});
		const bad = [
			![200, 503].includes(play.status),
			play.status === 200 && !hasLine,
			![200, 503].includes(page.status),
			![200, 503].includes(change),
			change === 200 && !kept,
			alive.status !== 200,
			mustWork && [play.status, page.status, change].some((status) => status !== 200)
		].filter(Boolean).length;
		wrong += bad;
	}
} finally {
	mount('-o', 'remount,rw', place);
	rmSync(filler, { force: true });
	await stage.remove();
	spawnSync('umount', [place]);
	rmSync(place, { recursive: true, force: true });
}
if (wrong > 0) process.exitCode = 1;

function fill(bytes: number): void {
	try {
		writeFileSync(filler, Buffer.alloc(bytes));
	} catch {
		// It is as full as it gets.
	}
}

/** Nobody has to do anything but make room. */
async function recovered(): Promise<void> {
	for (let tries = 0; tries < 300 && (await ask(`${serving.origin}/readyz`)).status !== 200; tries++) await wait(100);
}
