import path from 'node:path';
import * as v from 'valibot';
import { Failure } from './failures.ts';

const wholeNumber = (min: number, max: number) =>
	v.pipe(
		v.string(),
		v.regex(/^\d+$/, 'must be a whole number'),
		v.transform(Number),
		v.minValue(min, `must be at least ${min}`),
		v.maxValue(max, `must be at most ${max}`)
	);
const words = v.pipe(v.string(), v.trim(), v.nonEmpty('must not be empty'));
const absolutePath = v.pipe(
	words,
	v.transform((given) => path.resolve(given))
);
const origin = v.pipe(
	v.string(),
	v.check((given) => URL.canParse(given) && new URL(given).origin === given, 'must be like https://name.example'),
	v.check(
		(given) => /^https:|^http:\/\/(127\.0\.0\.1|localhost)(:|$)/.test(given),
		'must be https, or http on this machine only'
	)
);
const onThisMachine = v.pipe(
	v.string(),
	v.regex(/^http:\/\/127\.0\.0\.1:\d{1,5}$/, 'must be like http://127.0.0.1:8090: PocketBase is for this machine only')
);
const clockTime = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5));
const hours = v.pipe(
	v.string(),
	v.regex(/^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$/, 'must be like 07:00-21:00'),
	v.transform((given) => ({ from: clockTime(given.slice(0, 5)), to: clockTime(given.slice(6)) })),
	v.check(({ from, to }) => from < to, 'must begin before it ends')
);
const address = v.pipe(v.string(), v.email('must be a plain e-mail address'));
const yesOrNo = v.pipe(
	v.picklist(['yes', 'no'], 'must be yes or no'),
	v.transform((given) => given === 'yes')
);

/**
 * Every setting there is: the environment variable, what it means, its check, its default as written, and whether its
 * value is secret (never printed). A setting without a default may stay away.
 */
export const table = {
	data: row('KUUNTELUPISTE_DATA', 'the one folder for everything that lasts', absolutePath, 'data'),
	host: row('KUUNTELUPISTE_HOST', 'the address that the web server listens on', words, '127.0.0.1'),
	port: row('KUUNTELUPISTE_PORT', 'the port that the web server listens on', wholeNumber(1, 65535), '3000'),
	origin: row(
		'KUUNTELUPISTE_ORIGIN',
		'the address that people and kiosks use; else http://HOST:PORT',
		v.optional(origin)
	),
	metricsPort: row(
		'KUUNTELUPISTE_METRICS_PORT',
		'a loopback port of its own for /metrics, in the form that Prometheus reads; none without it',
		v.optional(wholeNumber(1, 65535))
	),
	journal: row(
		'KUUNTELUPISTE_JOURNAL',
		'what the server says to its operator: `error`, `warn`, `info`, or `debug` for a line a request',
		v.picklist(['error', 'warn', 'info', 'debug'], 'must be error, warn, info or debug'),
		'warn'
	),
	stopSeconds: row(
		'KUUNTELUPISTE_STOP_SECONDS',
		'for so many seconds a sound that plays may go on when the server is told to stop',
		wholeNumber(0, 600),
		'60'
	),
	masterKey: row(
		'KUUNTELUPISTE_MASTER_KEY',
		'the age identity under which the keyring is encrypted',
		v.optional(v.pipe(v.string(), v.trim(), v.regex(/^AGE-SECRET-KEY-1[0-9A-Z]{58}$/, 'must be an age identity'))),
		undefined,
		true
	),
	masterKeyFile: row(
		'KUUNTELUPISTE_MASTER_KEY_FILE',
		'a file that holds the master key, instead of the variable',
		v.optional(absolutePath)
	),
	pocketbaseBin: row(
		'POCKETBASE_BIN',
		'the PocketBase program to run instead of the one that comes with the project',
		v.optional(absolutePath)
	),
	pocketbasePort: row(
		'KUUNTELUPISTE_POCKETBASE_PORT',
		'the loopback port of PocketBase; 0 takes a free one',
		wholeNumber(0, 65535),
		'0'
	),
	pocketbaseUrl: row(
		'KUUNTELUPISTE_POCKETBASE_URL',
		'the address of a PocketBase that `kuuntelupiste pocketbase` runs under a user of its own; else the server starts one',
		v.optional(onThisMachine)
	),
	proxy: row(
		'KUUNTELUPISTE_PROXY',
		"whether a proxy on this machine stands before the server, and says the visitor's address in X-Forwarded-For",
		yesOrNo,
		'no'
	),
	checkpoints: row(
		'KUUNTELUPISTE_CHECKPOINTS',
		"a second folder, on another disk or share, for the access log's checkpoints",
		v.optional(absolutePath)
	),
	secondFactor: row(
		'KUUNTELUPISTE_SECOND_FACTOR',
		'whether staff need a second factor to sign in; the demo does without',
		yesOrNo,
		'yes'
	),
	controllerName: row('KUUNTELUPISTE_CONTROLLER', 'the controller (§ 1)', words, 'Posti Group Oyj'),
	controllerId: row('KUUNTELUPISTE_CONTROLLER_ID', "the controller's business ID (§ 1)", words, '1531864-4'),
	controllerPost: row(
		'KUUNTELUPISTE_CONTROLLER_POST',
		"the controller's postal address (§ 1)",
		words,
		'PL 1, 00011 POSTI'
	),
	contactName: row('KUUNTELUPISTE_CONTACT', 'the contact person (§ 2)', words, 'Leila Väre'),
	contactPost: row(
		'KUUNTELUPISTE_CONTACT_POST',
		"the contact person's postal address (§ 2)",
		words,
		'Posti Oy Asiakaspalvelu, PL 7, 00011 POSTI'
	),
	contactVisit: row(
		'KUUNTELUPISTE_CONTACT_VISIT',
		"the contact person's address for visits (§ 2)",
		words,
		'Postintaival 7 A, 00230 Helsinki'
	),
	contactPhone: row('KUUNTELUPISTE_CONTACT_PHONE', "the contact person's phone (§ 2)", words, '0204511'),
	requesterMonths: row(
		'KUUNTELUPISTE_REQUESTER_MONTHS',
		"for how many months after a request's end the requester's data are kept",
		wholeNumber(1, 24),
		'6'
	),
	employeeNameAtKiosk: row(
		'KUUNTELUPISTE_EMPLOYEE_NAME_AT_KIOSK',
		"whether the kiosk shows the employee's name",
		yesOrNo,
		'no'
	),
	oddHours: row('KUUNTELUPISTE_ODD_HOURS', 'listening outside these hours (Helsinki) looks odd', hours, '07:00-21:00'),
	oddSearches: row(
		'KUUNTELUPISTE_ODD_SEARCHES',
		"so many searches in one person's day that led to nothing look odd",
		wholeNumber(1, 10_000),
		'20'
	),
	oddRefusals: row(
		'KUUNTELUPISTE_ODD_REFUSALS',
		'so many refusals of one person or kiosk within an hour look odd',
		wholeNumber(1, 10_000),
		'10'
	),
	oddKioskHours: row(
		'KUUNTELUPISTE_ODD_KIOSK_HOURS',
		'a kiosk at two offices within so many hours looks odd',
		wholeNumber(1, 8760),
		'24'
	),
	oddSilenceHours: row(
		'KUUNTELUPISTE_ODD_SILENCE_HOURS',
		'so many hours without an entry of the access log look odd',
		wholeNumber(1, 8760),
		'26'
	),
	smtpHost: row(
		'KUUNTELUPISTE_SMTP_HOST',
		'the mail server by which invitations also go as e-mail; without it nothing is sent',
		v.optional(words)
	),
	smtpPort: row('KUUNTELUPISTE_SMTP_PORT', "the mail server's port", wholeNumber(1, 65535), '587'),
	smtpTls: row(
		'KUUNTELUPISTE_SMTP_TLS',
		'`starttls`, `implicit`, or `none` for a mail server on this machine',
		v.picklist(['starttls', 'implicit', 'none'], 'must be starttls, implicit or none'),
		'starttls'
	),
	smtpUser: row('KUUNTELUPISTE_SMTP_USER', 'the account at the mail server', v.optional(words)),
	smtpPassword: row(
		'KUUNTELUPISTE_SMTP_PASSWORD',
		"the account's password at the mail server",
		v.optional(v.pipe(v.string(), v.nonEmpty('must not be empty'))),
		undefined,
		true
	),
	smtpFrom: row('KUUNTELUPISTE_SMTP_FROM', 'the address that invitations by e-mail come from', v.optional(address))
};

function row<S extends v.GenericSchema<string | undefined, unknown>>(
	name: string,
	meaning: string,
	check: S,
	standard?: string,
	secret = false
) {
	return { name, meaning, check, standard, secret };
}

type Table = typeof table;
/** All settings, checked, by the table's keys. */
export type Settings = { readonly [K in keyof Table]: v.InferOutput<Table[K]['check']> };

/**
 * Reads every setting from the environment. Refuses with one clear line that names the variable and what it must be;
 * the value itself is not repeated, since it may be secret.
 */
export function readSettings(environment: Record<string, string | undefined>): Settings {
	const read = Object.entries(table).map(([key, { name, check, standard }]) => {
		const given = environment[name] === '' ? undefined : environment[name];
		const result = v.safeParse(check as v.GenericSchema, given ?? standard);
		if (!result.success) {
			throw new Failure('invalid', 'setting', { field: name, detail: `${name} ${result.issues[0].message}.` });
		}
		return [key, result.output];
	});
	// Object.entries forgets which check belongs to which key; the table above is the proof.
	return Object.fromEntries(read) as Settings;
}

/** The settings as lines of name, value and meaning, with secret values left out. */
export function printable(environment: Record<string, string | undefined>): string[][] {
	return Object.values(table).map(({ name, meaning, standard, secret }) => {
		const given = environment[name];
		if (secret) return [name, given ? '(set, secret)' : '(not set)', meaning];
		return [name, given ? given : (standard ?? '(not set)'), meaning];
	});
}

/** The address that people and kiosks use. */
export function publicOrigin(settings: Settings): string {
	return settings.origin ?? `http://${settings.host}:${settings.port}`;
}
