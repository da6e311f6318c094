import { describe, expect, test } from 'vitest';
import { deviceOf, isFresh, Sessions } from '#staff/session.ts';

const noon = new Date('2026-11-24T10:00:00Z');
const later = (minutes: number): Date => new Date(noon.getTime() + minutes * 60_000);

describe('a person’s sessions', () => {
	test('are listed with when they began, when they were last seen and what they sit at', () => {
		const sessions = new Sessions();
		const first = sessions.open('anna', 'token', noon, { device: 'computer' });
		sessions.open('anna', 'token', later(2), { device: 'phone' });
		sessions.open('bertta', 'token', later(2));
		sessions.find(first, later(3));
		expect(sessions.of('anna', later(4))).toMatchObject([
			{ device: 'phone', began: later(2), seen: later(2) },
			{ device: 'computer', began: noon, seen: later(3) }
		]);
	});

	test('are ended one by one or all, and nobody else’s with them', () => {
		const sessions = new Sessions();
		const [one, two, theirs] = ['anna', 'anna', 'bertta'].map((person) => sessions.open(person, 'token', noon));
		sessions.endOf('bertta', [sessions.find(one, noon)?.id ?? '']);
		expect(sessions.find(one, noon)).toBeDefined();
		sessions.endOf('anna', [sessions.find(one, noon)?.id ?? '']);
		expect([one, two, theirs].map((secret) => sessions.find(secret, noon) !== undefined)).toEqual([false, true, true]);
		sessions.endOf('anna');
		expect(sessions.of('anna', noon)).toEqual([]);
		expect(sessions.find(theirs, noon)).toBeDefined();
	});

	test('are over when they began by a clock that was ahead and is right again', () => {
		const sessions = new Sessions();
		const secret = sessions.open('anna', 'token', later(24 * 60));
		expect(sessions.find(secret, noon)).toBeUndefined();
		const kept = sessions.open('anna', 'token', noon);
		sessions.find(kept, later(9));
		expect(sessions.find(kept, later(2))).toBeUndefined();
	});

	test('do not show one that is over', () => {
		const sessions = new Sessions();
		sessions.open('anna', 'token', noon);
		expect(sessions.of('anna', later(11))).toEqual([]);
	});
});

describe('a step-up', () => {
	test('is needed when the last proof is older than five minutes', () => {
		const sessions = new Sessions();
		const session = sessions.find(sessions.open('anna', 'token', noon), noon);
		if (!session) throw new Error('no session');
		expect(isFresh(session, later(5))).toBe(true);
		expect(isFresh(session, later(5.01))).toBe(false);
	});

	test('gives the session a new secret, and the old one opens nothing; its ten hours go on', () => {
		const sessions = new Sessions();
		const secret = sessions.open('anna', 'token', noon);
		const renewed = sessions.renew(secret, later(8));
		expect(renewed).not.toBe(secret);
		expect(sessions.find(secret, later(8))).toBeUndefined();
		expect(sessions.find(renewed, later(8))).toMatchObject({ person: 'anna', began: noon, confirmed: later(8) });
		expect(sessions.renew(secret, later(8))).toBeUndefined();
	});
});

test.each([
	['Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/156.0.0.0 Safari/537.36', 'computer'],
	['Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0', 'computer'],
	['Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Mobile/15E148 Safari/604.1', 'phone'],
	['Mozilla/5.0 (Linux; Android 16; K) Chrome/156.0.0.0 Mobile Safari/537.36', 'phone'],
	['Mozilla/5.0 (Linux; Android 16; K) Chrome/156.0.0.0 Safari/537.36', 'tablet'],
	['curl/8', 'unknown'],
	[null, 'unknown']
])('%s is a %s', (userAgent, device) => {
	expect(deviceOf(userAgent)).toBe(device);
});
