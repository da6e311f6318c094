import path from 'node:path';
import { openAccessLog, type AccessLog } from '#access-log/log.ts';
import { examine } from '#doctor/doctor.ts';
import type { Check, Finding } from '#doctor/finding.ts';
import { Clock } from '#clock.ts';
import { Closing } from '#closing.ts';
import { openJournal, type Journal } from '#journal.ts';
import { Listenings } from '#listening/listening.ts';
import { storeOf } from '#pocketbase/data-file.ts';
import { openRows, type Rows } from '#pocketbase/rows.ts';
import { openPocketbase, type Client, type Pocketbase, type Service } from '#pocketbase/pocketbase.ts';
import { Sweeps } from '#retention/sweeps.ts';
import { openKeyring, type Keyring } from '#sealing/keyring.ts';
import type { Settings } from '#settings.ts';
import { HalfSignIns } from '#staff/half-sign-in.ts';
import { Sessions } from '#staff/session.ts';
import { SignInLimits } from '#staff/sign-in-limits.ts';
import { Turns } from '#turns.ts';
import { Calibrations } from '#visits/calibrating.ts';
import { CodeLimits } from '#visits/code-limits.ts';
import { openMail, type Mail } from '#visits/mail.ts';
import { News } from '#visits/news.ts';
import { Pairings } from '#visits/pairing.ts';
import { Presence } from '#visits/presence.ts';
import { Reports } from '#visits/reports.ts';
import { isDemo, masterKeyOf } from './master-key.ts';

/** Everything that a function of the domain may need; passed first, never imported. */
export interface Register {
	readonly settings: Settings;
	/** Whether everything in it is invented; every screen says so then. */
	readonly demo: boolean;
	readonly pocketbase: Pocketbase;
	/** PocketBase's rows on the disk, only to see whether they changed. */
	readonly rows: Rows;
	/** The service account that destroys; the web's own cannot. */
	readonly retention: Client;
	readonly keyring: Keyring;
	readonly accessLog: AccessLog;
	/** What the operator reads; of nobody. */
	readonly journal: Journal;
	/** Whether the server is about to stop. */
	readonly closing: Closing;
	/** The only clock. */
	readonly now: () => Date;
	readonly sessions: Sessions;
	/** Whether a password alone is not enough (a setting; never in the demo). */
	readonly secondFactor: boolean;
	readonly halfSignIns: HalfSignIns;
	readonly signInLimits: SignInLimits;
	readonly codeLimits: CodeLimits;
	readonly pairings: Pairings;
	readonly calibrations: Calibrations;
	readonly presence: Presence;
	readonly reports: Reports;
	readonly turns: Turns;
	readonly listenings: Listenings;
	readonly sweeps: Sweeps;
	readonly news: News;
	/** Looks at everything that must be right, as the command `doctor` does; of the log at its last verification. */
	readonly examine: () => Promise<({ name: Check } & Finding)[]>;
	/** The operator's mail server; undefined where there is none. */
	readonly mail: Mail | undefined;
}

interface Opening {
	/** The machine's clock, unless a test brings one that it can set. */
	clock?: Clock;
	/** A time of a test's own, in the place of any clock. */
	now?: () => Date;
	journal?: Journal;
}

/**
 * Wires the register of the web server: PocketBase at `url` as the service accounts `web` and `retention`, the keyring, and the access
 * log, whose only writer this process becomes. Refuses when any of them does not open: then nothing is served.
 */
export async function openRegister(
	settings: Settings,
	url: string,
	{ clock = new Clock(), journal = openJournal(settings.journal), ...given }: Opening = {}
): Promise<Register> {
	const now = given.now ?? (() => clock.now());
	// Where the sealed files lie must be known: never the disk because the store is half set.
	storeOf(settings.data);
	const mail = openMail(settings);
	const keyring = await openKeys(settings);
	const pocketbase = await openDatabase(keyring, url, 'web');
	const { service: retention } = await openDatabase(keyring, url, 'retention');
	const accessLog = await openAccessLog(path.join(settings.data, 'access-log'), {
		now,
		checkpoints: settings.checkpoints
	});
	return {
		settings,
		demo: isDemo(settings),
		pocketbase,
		rows: openRows(settings.pocketbaseUrl ? undefined : settings.data),
		retention,
		keyring,
		accessLog,
		journal,
		closing: new Closing(),
		now,
		sessions: new Sessions(),
		secondFactor: settings.secondFactor && !isDemo(settings),
		halfSignIns: new HalfSignIns(),
		signInLimits: new SignInLimits(),
		codeLimits: new CodeLimits(),
		pairings: new Pairings(),
		calibrations: new Calibrations(),
		presence: new Presence(),
		reports: new Reports(),
		turns: new Turns(),
		listenings: new Listenings(),
		sweeps: new Sweeps(now()),
		news: new News(),
		examine: () =>
			Array.fromAsync(examine(settings, given.now?.() ?? clock.machine(), async () => accessLog.proof?.verdict)),
		mail
	};
}

/** The keyring of the data folder, opened with the master key of the settings. */
export async function openKeys(settings: Settings): Promise<Keyring> {
	return openKeyring(path.join(settings.data, 'keys'), await masterKeyOf(settings));
}

/** PocketBase as one service account; its password is in the keyring. */
export async function openDatabase(keyring: Keyring, url: string, service: Service): Promise<Pocketbase> {
	return openPocketbase(url, service, await keyring.readSecret(`service-${service}`));
}
