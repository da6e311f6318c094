import { dayOf, type Slot } from './slots.ts';

interface Suggestible extends Slot {
	remark: unknown;
}

const apartMs = 2 * 3600_000;

/** Whether there are three times on two days: so many a customer must be offered. */
export function areEnough(offers: readonly Slot[]): boolean {
	return offers.length >= 3 && new Set(offers.map(({ starts }) => dayOf(starts).toString())).size >= 2;
}

/**
 * Three times to say on the phone, on two days where there are two: the first one, another some hours later on the same
 * day, and the first of another day. Times with a remark come in only where there are not three without.
 */
export function suggested<T extends Suggestible>(offers: readonly T[]): T[] {
	const inTime = offers.filter(({ remark }) => !remark);
	const from = areEnough(inTime) ? inTime : [...inTime, ...offers.filter(({ remark }) => remark)];
	const [first, ...others] = from;
	if (!first) return [];
	const sameDay = ({ starts }: T): boolean => dayOf(starts).equals(dayOf(first.starts));
	const later = others.find((one) => sameDay(one) && one.starts.getTime() - first.starts.getTime() >= apartMs);
	const another = others.find((one) => !sameDay(one));
	const chosen = [first, later, another].filter((one) => one !== undefined);
	const rest = others.filter((one) => !chosen.includes(one));
	return [...chosen, ...rest].slice(0, 3).sort((a, b) => a.starts.getTime() - b.starts.getTime());
}
