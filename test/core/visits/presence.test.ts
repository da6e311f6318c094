import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Presence } from '#visits/presence.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('a kiosk that speaks is there, with the version it shows; one that is silent for 15 s is gone, once', () => {
	const presence = new Presence();
	let gone = 0;
	const say = (version: string) => presence.heard('one', version, () => gone++);
	expect(presence.versionAt('one')).toBeUndefined();
	expect(say('a')).toBe(true);
	for (let seconds = 0; seconds < 60; seconds += 5) {
		vi.advanceTimersByTime(5000);
		expect(say('a')).toBe(false);
	}
	expect(say('b')).toBe(true);
	expect(presence.versionAt('one')).toBe('b');
	vi.advanceTimersByTime(14_999);
	expect([gone, presence.versionAt('one')]).toEqual([0, 'b']);
	vi.advanceTimersByTime(60_000);
	expect([gone, presence.versionAt('one')]).toEqual([1, undefined]);
	expect(say('b')).toBe(true);
});
