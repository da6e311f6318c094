import { expect, test } from 'vitest';
import { Clock } from '#clock.ts';

const [minute, hour, day] = [60_000, 3600_000, 24 * 3600_000];
const year = 365 * day;

/** A clock whose machine's time can be set, and whose ticks go on by hand. */
function open() {
	let [machineMs, ticksMs] = [Date.parse('2026-11-24T10:00:00Z'), 5000];
	const clock = new Clock({ machine: () => machineMs, ticks: () => ticksMs });
	const began = machineMs;
	return {
		/** Time goes by, for both. */
		pass: (ms: number) => ((machineMs += ms), (ticksMs += ms)),
		/** Somebody sets the machine's clock. */
		set: (ms: number) => (machineMs += ms),
		/** How long it was, by the register's time. */
		passed: () => clock.now().getTime() - began,
		machine: () => clock.machine().getTime() - began
	};
}

test.each([2 * minute, hour, day, year])('one that is set back by %d ms goes on as time has passed', (back) => {
	const one = open();
	one.pass(minute);
	one.set(-back);
	expect(one.passed()).toBe(minute);
	one.pass(hour);
	expect(one.passed()).toBe(minute + hour);
	expect(one.machine()).toBe(minute + hour - back);
});

test.each([minute, hour, day, year])(
	'one that is set ahead by %d ms is followed, and right when it is set right',
	(far) => {
		const one = open();
		one.set(far);
		expect(one.passed()).toBe(far);
		one.pass(minute);
		expect(one.passed()).toBe(far + minute);
		one.set(-far);
		expect(one.passed()).toBe(minute);
	}
);

test('what is set right by less than a minute is followed both ways', () => {
	const one = open();
	one.set(-59_000);
	expect(one.passed()).toBe(-59_000);
	one.set(70_000);
	expect(one.passed()).toBe(11_000);
});
