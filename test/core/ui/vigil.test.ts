import { beforeEach, describe, expect, it } from 'vitest';
import { hourLeft } from '../../../src/routes/kiosk/hour-left.ts';
import { mostStays, Vigil } from '../../../src/routes/kiosk/vigil.ts';

// Whether anybody is still at the kiosk, and how much of their hour is left, by a clock that is handed in.

const second = 1000;
const patience = { quietMs: 180 * second, warnMs: 60 * second };
let now: number;
let vigil: Vigil;
beforeEach(() => {
	now = 0;
	vigil = new Vigil(patience, () => now);
});
const later = (seconds: number): void => void (now += seconds * second);

describe('nobody at the screen', () => {
	it('is asked after two minutes, sees the seconds fall, and is taken to be gone after three', () => {
		later(120);
		expect(vigil.left).toBeUndefined();
		later(1);
		expect(vigil.left).toBe(59);
		later(58);
		expect([vigil.left, vigil.over]).toEqual([1, false]);
		later(1);
		expect([vigil.left, vigil.over]).toEqual([0, true]);
	});
});

describe('somebody', () => {
	it('who does something is not asked', () => {
		for (let press = 0; press < 100; press++) {
			later(119);
			vigil.touch();
			expect(vigil.left).toBeUndefined();
		}
	});

	it('who listens is never asked, however long the call', () => {
		for (let tick = 0; tick < 7200; tick++) {
			later(1);
			vigil.listening();
			expect([vigil.left, vigil.over]).toEqual([undefined, false]);
		}
	});

	it('who is asked must answer: that something was pressed is no answer', () => {
		later(130);
		vigil.touch();
		expect(vigil.left).toBe(50);
		vigil.stay();
		expect(vigil.left).toBeUndefined();
		later(120);
		expect(vigil.left).toBeUndefined();
	});

	it('may say ten times in a row that they are there, and no more', () => {
		for (let time = 0; time < mostStays; time++) {
			later(170);
			expect([vigil.left, vigil.mayStay]).toEqual([10, true]);
			vigil.stay();
		}
		later(170);
		expect([vigil.left, vigil.mayStay]).toEqual([10, false]);
		vigil.stay();
		expect(vigil.left).toBe(10);
		later(10);
		expect(vigil.over).toBe(true);
	});

	it('who does something in between may say it ten times again', () => {
		for (let time = 0; time < 3 * mostStays; time++) {
			later(170);
			vigil.stay();
			if (time % 5 === 4) vigil.touch();
			expect(vigil.mayStay).toBe(true);
		}
	});
});

describe('the hour', () => {
	const minutes = (count: number) => hourLeft(count * 60 * second);

	it('is announced in its last five minutes, and is over at its end', () => {
		expect(minutes(30)).toBe('enough');
		expect(hourLeft(300 * second + 1)).toBe('enough');
		expect(minutes(5)).toEqual({ minutes: 5 });
		expect(minutes(4.5)).toEqual({ minutes: 5 });
		expect(minutes(1)).toEqual({ minutes: 1 });
		expect(hourLeft(1)).toEqual({ minutes: 1 });
		expect(hourLeft(0)).toBe('over');
		expect(minutes(-60)).toBe('over');
	});
});
