import { Temporal } from 'temporal-polyfill';
import type { Logged } from './entry.ts';
import type { Where } from './reading.ts';

/** From when on something is odd. */
export interface Thresholds {
	/** Helsinki time, minutes after midnight: listening before `from` or from `to` on is odd. */
	readonly hours: { readonly from: number; readonly to: number };
	/** So many searches of one person in a day that led to nothing. */
	readonly searches: number;
	/** So many refusals of one person, or of one kiosk, within an hour. */
	readonly refusals: number;
	/** A kiosk at two offices within so many hours. */
	readonly kioskHours: number;
	/** No entry for so many hours. A server that runs verifies the log once a day, and that is an entry. */
	readonly silenceHours: number;
}

export type Rule =
	| 'without_request'
	| 'outside_hours'
	| 'searches_without_play'
	| 'many_refusals'
	| 'kiosk_in_two_places'
	| 'silence'
	| 'clock_back';

/** Something to look at: which rule, when, and the entries that say so. */
export interface Finding {
	rule: Rule;
	/** The first and the last entry of it. */
	first: number;
	last: number;
	from: string;
	to: string;
	/** How many entries, or hours of silence. */
	count: number;
	/** Under which conditions the log shows its entries. */
	where: Where;
}

/** Looks at one entry after the other, the oldest first, and tells what it found. */
type Look = (entry: Logged) => Finding | undefined;

/** When each request was closed, for those that were. */
export type Closings = ReadonlyMap<string, string>;

/**
 * The rules, one a line: each says of an entry, after those before it, whether something looks odd. None of them proves
 * anything: each is a question to somebody.
 */
export const rules: Record<Rule, (thresholds: Thresholds, closed: Closings) => Look> = {
	/** The sound of a customer's visit belongs to a request that is open. */
	without_request: (_: Thresholds, closed: Closings) => (entry: Logged) => {
		if (entry.action !== 'listen_begin' || entry.outcome !== 'done' || entry.purpose !== 'subject_access') return;
		const end = entry.request && closed.get(entry.request);
		if (entry.request && (end === undefined || entry.at <= end)) return;
		return finding('without_request', [entry], entry.request ? { request: entry.request } : { actor: entry.actor });
	},
	outside_hours:
		({ hours }: Thresholds) =>
		(entry: Logged) => {
			if (entry.action !== 'listen_begin' || entry.outcome !== 'done') return;
			const { hour, minute } = helsinki(entry.at);
			const minutes = hour * 60 + minute;
			if (minutes >= hours.from && minutes < hours.to) return;
			return finding('outside_hours', [entry], { actor: entry.actor, action: 'listen_begin' });
		},
	/** Whoever searches and searches, and neither binds nor hears a call, may be curious. Told once a day and person. */
	searches_without_play: ({ searches }: Thresholds) => {
		const days = new Map<string, { searches: Logged[]; led: boolean }>();
		return (entry: Logged) => {
			const isSearch = entry.action === 'search_recordings';
			const isUse = entry.action === 'listen_begin' || entry.action === 'bind_recording';
			if (!entry.actor || entry.outcome !== 'done' || !(isSearch || isUse)) return;
			const key = `${entry.actor} ${helsinki(entry.at).toPlainDate().toString()}`;
			const day = days.get(key) ?? { searches: [], led: false };
			days.set(key, day);
			if (isUse) day.led = true;
			else day.searches.push(entry);
			if (!isSearch || day.led || day.searches.length !== searches) return;
			return finding('searches_without_play', day.searches, { actor: entry.actor, action: 'search_recordings' });
		};
	},
	many_refusals: ({ refusals }: Thresholds) => {
		const recent = new Map<string, Logged[]>();
		return (entry: Logged) => {
			if (entry.outcome !== 'refused') return;
			const who = entry.actor ?? '';
			const within = (recent.get(who) ?? []).filter(({ at }) => hoursBetween(at, entry.at) < 1);
			within.push(entry);
			recent.set(who, within.length >= refusals ? [] : within);
			if (within.length < refusals) return;
			return finding('many_refusals', within, { actor: entry.actor, outcome: 'refused' });
		};
	},
	kiosk_in_two_places: ({ kioskHours }: Thresholds) => {
		const seen = new Map<string, Logged>();
		return (entry: Logged) => {
			if (!entry.kiosk || !entry.office || entry.outcome !== 'done') return;
			const before = seen.get(entry.kiosk);
			seen.set(entry.kiosk, entry);
			if (!before || before.office === entry.office || hoursBetween(before.at, entry.at) >= kioskHours) return;
			return finding('kiosk_in_two_places', [before, entry], { kiosk: entry.kiosk });
		};
	},
	silence: ({ silenceHours }: Thresholds) => {
		let before: Logged | undefined;
		return (entry: Logged) => {
			const quiet = before && hoursBetween(before.at, entry.at);
			const found = before && quiet && quiet >= silenceHours ? finding('silence', [before, entry], {}) : undefined;
			before = entry;
			return found && { ...found, count: Math.floor(quiet ?? 0) };
		};
	},
	/** Times of the log are only as good as the clock. */
	clock_back: () => {
		let before: Logged | undefined;
		return (entry: Logged) => {
			const back = before && hoursBetween(entry.at, before.at) * 60;
			const found = before && back && back >= 1 ? finding('clock_back', [before, entry], {}) : undefined;
			before = entry;
			return found;
		};
	}
};

/** Puts all rules together; give it the entries of a time one by one, the oldest first. */
export function looking(thresholds: Thresholds, closed: Closings): (entry: Logged) => Finding[] {
	const looks: Look[] = Object.values(rules).map((rule) => rule(thresholds, closed));
	return (entry) => looks.map((look) => look(entry)).filter((found) => found !== undefined);
}

function finding(rule: Rule, entries: Logged[], where: Where): Finding {
	const [first, last] = [entries[0], entries.at(-1)];
	if (!first || !last) throw new RangeError('a finding without an entry');
	const [from, to] = [first.at, last.at].sort();
	return {
		rule,
		first: first.sequence,
		last: last.sequence,
		from: from ?? '',
		to: to ?? '',
		count: entries.length,
		where
	};
}

function hoursBetween(earlier: string, later: string): number {
	return (new Date(later).getTime() - new Date(earlier).getTime()) / 3600_000;
}

function helsinki(at: string): Temporal.ZonedDateTime {
	return Temporal.Instant.from(at).toZonedDateTimeISO('Europe/Helsinki');
}
