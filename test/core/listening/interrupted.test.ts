import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Entry } from '#access-log/entry.ts';
import { endInterrupted } from '#listening/interrupted.ts';
import { openHouse, type House } from '../../support/house.ts';

let house: House;
beforeAll(async () => {
	house = await openHouse();
});
afterAll(() => house.close());

const id = (): string => `a${randomBytes(7).toString('hex')}`;
const start: Entry = { action: 'system_start', role: 'system', outcome: 'done' };
const write = (...entries: Entry[]) => house.register.accessLog.append(entries);
const ends = async () =>
	(await house.register.accessLog.read({ limit: 1000, where: { action: 'listen_end' } })).reverse();

function listening(): { line: Entry; begin: Entry; beat: Entry; end: Entry } {
	const line = { actor: id(), role: 'customer', purpose: 'subject_access', outcome: 'done' } as const;
	const about = { ...line, visit: id(), recording: id(), kiosk: id(), office: id(), request: id() };
	return {
		line: { ...about, action: 'listen_end' },
		begin: { ...about, action: 'listen_begin' },
		beat: { ...about, action: 'listen_heartbeat', measures: { seconds_heard: 31, position_ms: 40_000 } },
		end: { ...about, action: 'listen_end', reason: 'customer', measures: { seconds_heard: 40 } }
	};
}

test('what was being listened to when the power failed is ended in the log at the next start, once', async () => {
	const [heard, short, over, again] = [listening(), listening(), listening(), listening()];
	await write(start, heard.begin, over.begin, again.begin, heard.beat, over.end, again.end, again.begin, short.begin);
	expect(await endInterrupted(house.register.accessLog)).toBe(3);
	expect((await ends()).slice(2)).toMatchObject([
		{ ...heard.line, reason: 'server_lost', measures: { seconds_heard: 31 } },
		{ ...again.line, reason: 'server_lost', measures: { seconds_heard: 0 } },
		{ ...short.line, reason: 'server_lost', measures: { seconds_heard: 0 } }
	]);
	// A start that fell itself, and the one after it, find nothing more.
	expect(await endInterrupted(house.register.accessLog)).toBe(0);
	await write(start);
	expect(await endInterrupted(house.register.accessLog)).toBe(0);
	expect(await ends()).toHaveLength(5);
});
