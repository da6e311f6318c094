import { Temporal } from 'temporal-polyfill';

/*
 * Numbers that nobody has:
 * - +358 49…: Finland publishes no range for fiction. Mobile numbers begin with 04 or 050, but no operator holds
 *   a block in 049 (it was the closed NMT network's code); Google's libphonenumber metadata, drawn from Traficom's
 *   list of granted codes, knows no Finnish number there (FI mobile: 4[0-8] and 50; read in November 2026).
 * - +358 74…: stands for nationwide business numbers (071, 073 and 075 are such); 074 is granted to nobody, by the
 *   same metadata.
 * - +46 70 174 06 05 to 06 99: kept free by PTS, Sweden, for books and films.
 * - +44 7700 900000 to 900999: kept free by Ofcom, United Kingdom, for radio and television drama.
 */
const customerService = { fi: '+358740010100', sv: '+358740010200', en: '+358740010300' };
const telesales = '+358740020100';

/** The sign-in names of the demo's agents; each has a voice of their own in `make-calls.ts`. */
export type DemoAgent = 'agent' | 'aino' | 'bengt' | 'carola' | 'daniel' | 'emma';

/** When a demo call took place: days before today, or days left until its six months end. */
type When = { daysAgo: number } | { daysLeft: number };

interface DemoCall {
	/** `calls/<name>.txt` is what is said, `calls/<name>.webm` how it sounds. */
	name: string;
	/** What is spoken in it, and with which of espeak-ng's voices. */
	language: 'fi' | 'sv' | 'en';
	direction: 'received' | 'made';
	line: 'customer_service' | 'telesales';
	serviceNumber: string;
	customerNumber: string;
	employee: DemoAgent;
	when: When;
	/** Wall clock in Helsinki. */
	time: string;
	durationMs: number;
}

/** One row of `calls.csv`, its values in the form that the import reads. */
export interface DemoRow {
	answered: string;
	disconnected: string;
	direction: 'received' | 'made';
	line: 'customer_service' | 'telesales';
	serviceNumber: string;
	/** Whole, as a recorder exports it: the import masks it. */
	customerNumber: string;
	employee: DemoAgent;
	/** A file name in `callsFolder`. */
	audio: string;
}

/** Where the audio of the demo calls lies. */
export const callsFolder = new URL('./calls/', import.meta.url);

const zone = 'Europe/Helsinki';

/** The demo's calls, nearest to their end first. `durationMs` is what ffprobe says of the audio. */
export const calls: readonly DemoCall[] = [
	{
		name: 'fi-lehtitilaus',
		language: 'fi',
		direction: 'made',
		line: 'telesales',
		serviceNumber: telesales,
		customerNumber: '+358495124703',
		employee: 'emma',
		when: { daysLeft: 1 },
		time: '17:48:21',
		durationMs: 94_504
	},
	{
		name: 'en-customs-fee',
		language: 'en',
		direction: 'received',
		line: 'customer_service',
		serviceNumber: customerService.en,
		customerNumber: '+447700900318',
		employee: 'daniel',
		when: { daysLeft: 2 },
		time: '14:06:40',
		durationMs: 120_321
	},
	{
		name: 'sv-rekommenderat-brev',
		language: 'sv',
		direction: 'received',
		line: 'customer_service',
		serviceNumber: customerService.sv,
		customerNumber: '+358498203346',
		employee: 'bengt',
		when: { daysLeft: 3 },
		time: '09:17:05',
		durationMs: 106_875
	},
	{
		name: 'fi-tullimaksu',
		language: 'fi',
		direction: 'received',
		line: 'customer_service',
		serviceNumber: customerService.fi,
		customerNumber: '+358492056417',
		employee: 'agent',
		when: { daysAgo: 150 },
		time: '10:31:52',
		durationMs: 109_388
	},
	{
		name: 'sv-eftersandning',
		language: 'sv',
		direction: 'received',
		line: 'customer_service',
		serviceNumber: customerService.sv,
		customerNumber: '+358490917258',
		employee: 'carola',
		when: { daysAgo: 118 },
		time: '13:22:18',
		durationMs: 92_237
	},
	{
		name: 'fi-muuttoilmoitus',
		language: 'fi',
		direction: 'received',
		line: 'customer_service',
		serviceNumber: customerService.fi,
		customerNumber: '+358490214812',
		employee: 'agent',
		when: { daysAgo: 82 },
		time: '15:44:09',
		durationMs: 111_166
	},
	{
		name: 'sv-tidning',
		language: 'sv',
		direction: 'made',
		line: 'telesales',
		serviceNumber: telesales,
		customerNumber: '+358491468830',
		employee: 'carola',
		when: { daysAgo: 61 },
		time: '16:52:33',
		durationMs: 81_459
	},
	{
		name: 'en-damaged-parcel',
		language: 'en',
		direction: 'received',
		line: 'customer_service',
		serviceNumber: customerService.en,
		customerNumber: '+447700900764',
		employee: 'emma',
		when: { daysAgo: 47 },
		time: '11:08:57',
		durationMs: 140_755
	},
	{
		name: 'fi-pakettisopimus',
		language: 'fi',
		direction: 'received',
		line: 'telesales',
		serviceNumber: telesales,
		customerNumber: '+358497815520',
		employee: 'emma',
		when: { daysAgo: 33 },
		time: '09:36:14',
		durationMs: 97_066
	},
	{
		name: 'fi-kadonnut-paketti',
		language: 'fi',
		direction: 'received',
		line: 'customer_service',
		serviceNumber: customerService.fi,
		customerNumber: '+358490214365',
		employee: 'aino',
		when: { daysAgo: 24 },
		time: '08:52:46',
		durationMs: 147_570
	},
	{
		name: 'fi-takaisinsoitto',
		language: 'fi',
		direction: 'made',
		line: 'customer_service',
		serviceNumber: customerService.fi,
		customerNumber: '+358490214365',
		employee: 'aino',
		when: { daysAgo: 22 },
		time: '14:15:30',
		durationMs: 47_529
	},
	{
		name: 'en-locker-code',
		language: 'en',
		direction: 'received',
		line: 'customer_service',
		serviceNumber: customerService.en,
		customerNumber: '+358492775091',
		employee: 'daniel',
		when: { daysAgo: 13 },
		time: '19:03:11',
		durationMs: 43_133
	},
	{
		name: 'fi-vaara-numero',
		language: 'fi',
		direction: 'received',
		line: 'customer_service',
		serviceNumber: customerService.fi,
		customerNumber: '+358496640137',
		employee: 'aino',
		when: { daysAgo: 9 },
		time: '12:27:38',
		durationMs: 27_893
	},
	{
		name: 'sv-paketautomat',
		language: 'sv',
		direction: 'received',
		line: 'customer_service',
		serviceNumber: customerService.sv,
		customerNumber: '+46701740652',
		employee: 'bengt',
		when: { daysAgo: 2 },
		time: '10:49:25',
		durationMs: 32_169
	},
	{
		name: 'fi-reklamaatio',
		language: 'fi',
		direction: 'received',
		line: 'customer_service',
		serviceNumber: customerService.fi,
		customerNumber: '+358493381954',
		employee: 'agent',
		when: { daysAgo: 1 },
		time: '13:11:02',
		durationMs: 348_656
	},
	{
		name: 'fi-automaatin-koodi',
		language: 'fi',
		direction: 'received',
		line: 'customer_service',
		serviceNumber: customerService.fi,
		customerNumber: '+358491730268',
		employee: 'aino',
		when: { daysAgo: 0 },
		time: '08:24:50',
		durationMs: 42_427
	}
];

/**
 * The demo calls as the rows of an export made at `today`, oldest first: three of them have one to six days left of
 * their six months, most are younger than three months, and none ends in the future.
 * A call ends exactly its audio's length after it was answered.
 */
export function demoCalls(today: Date): DemoRow[] {
	const now = Temporal.Instant.fromEpochMilliseconds(today.getTime());
	const rows = calls.map(({ name, when, time, durationMs, ...call }) => {
		const day = callDay(now.toZonedDateTimeISO(zone).toPlainDate(), when);
		let answered = answeredAt(day, time);
		if (Temporal.Instant.compare(answered.add({ milliseconds: durationMs }), now) > 0) {
			answered = answeredAt(day.subtract({ days: 1 }), time);
		}
		return {
			answered: iso(answered),
			disconnected: iso(answered.add({ milliseconds: durationMs })),
			direction: call.direction,
			line: call.line,
			serviceNumber: call.serviceNumber,
			customerNumber: call.customerNumber,
			employee: call.employee,
			audio: `${name}.webm`
		};
	});
	return rows.sort((one, other) => (one.answered < other.answered ? -1 : 1));
}

function callDay(today: Temporal.PlainDate, when: When): Temporal.PlainDate {
	if ('daysAgo' in when) return today.subtract({ days: when.daysAgo });
	const lastDay = today.add({ days: when.daysLeft });
	const day = lastDay.subtract({ months: 6 });
	// 31 August less six months is 28 February, whose six months end on the 28th already: take the day after.
	return Temporal.PlainDate.compare(day.add({ months: 6 }), lastDay) < 0 ? day.add({ days: 1 }) : day;
}

function answeredAt(day: Temporal.PlainDate, time: string): Temporal.Instant {
	return day.toZonedDateTime({ timeZone: zone, plainTime: time }).toInstant();
}

function iso(instant: Temporal.Instant): string {
	return instant.toString({ smallestUnit: 'millisecond' });
}
