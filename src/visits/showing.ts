import { isFailure } from '#failures.ts';
import { groundOf, type Standing } from '#listening/standing.ts';
import { hearableUntil, recordings, type Recording } from '#recordings/recording.ts';
import type { Register } from '#register.server.ts';
import { byDevice, seen, type Kiosk } from './kiosk.ts';
import { current, line } from './live-visit.ts';
import { offices } from './office.ts';
import { visits, type Visit } from './visit.ts';

/** What a visitor is shown of a call before and while they hear it. */
export interface Shown {
	id: string;
	/** UTC, ISO 8601. */
	answered: string;
	durationMs: number;
	direction: Recording['direction'];
	line: Recording['line'];
	serviceNumber: string;
	/** By a setting only. */
	employeeName?: string;
}

interface AtVisit {
	visit: {
		id: string;
		language: Visit['language'];
		ends: string;
		/** How much of the hour is left by the server's clock; a kiosk's own may be wrong. */
		leftMs: number;
		called: boolean;
		/** What is on the request by now. */
		wishes: string[];
	};
}

/** What a kiosk shows now, whole: one screen, as the server holds it. */
export type KioskView =
	| { screen: 'unpaired' }
	| { screen: 'pairing'; code: string; ends: string }
	| { screen: 'attract'; kiosk: string; office: string; mmPerCssPx: number }
	| { screen: 'calibrate'; kiosk: string; mmPerCssPx: number }
	| ({ mmPerCssPx: number } & AtVisit &
			(
				| { screen: 'waiting' | 'notice' | 'headset' }
				| { screen: 'list'; recordings: Shown[] }
				| { screen: 'player'; recording: Shown & { peaks: number[][]; channels: number }; positionMs: number }
				| { screen: 'leaving'; wishes: string[]; calls: number }
			));

/**
 * The screen of the device that holds this secret. Data of a recording are in the log before they are shown. `asker` is
 * the request's cookies, by which the sound of the player will be asked for.
 */
export async function view(
	register: Register,
	deviceSecret: string | undefined,
	asker?: string | null
): Promise<KioskView> {
	const since = register.rows.version();
	const kiosk = await byDevice(register, deviceSecret);
	if (!kiosk) {
		const pending = register.pairings.codeOf(deviceSecret, register.now());
		if (!pending) return { screen: 'unpaired' };
		return { screen: 'pairing', code: pending.code, ends: pending.ends.toISOString() };
	}
	await seen(register, kiosk);
	const visit = await current(register, kiosk);
	if (visit) {
		const ground = groundOf(register, { kind: 'kiosk', kiosk, visit }, visit.playing);
		const mark = asker && since !== undefined && since === ground.version ? { asker, ground } : undefined;
		return atVisit(register, kiosk, visit, mark);
	}
	const { name, mmPerCssPx } = kiosk;
	if (register.calibrations.of(kiosk.id, register.now())) return { screen: 'calibrate', kiosk: name, mmPerCssPx };
	return attract(register, kiosk);
}

async function attract(register: Register, { name, office, mmPerCssPx }: Kiosk): Promise<KioskView> {
	const place = await offices(register.pocketbase.service).one(office);
	return { screen: 'attract', kiosk: name, office: place.name, mmPerCssPx };
}

async function atVisit(
	register: Register,
	kiosk: Kiosk,
	visit: Visit,
	mark?: Pick<Standing, 'asker' | 'ground'>
): Promise<KioskView> {
	const common = {
		mmPerCssPx: kiosk.mmPerCssPx,
		visit: {
			id: visit.id,
			language: visit.language,
			ends: visit.ends.toISOString(),
			leftMs: visit.ends.getTime() - register.now().getTime(),
			called: visit.called !== undefined,
			wishes: visit.wishes
		}
	};
	switch (visit.state) {
		case 'list': {
			const released = await readReleased(register, visit, visit.recordings);
			return { ...common, screen: 'list', recordings: released.map((one) => shown(register, one)) };
		}
		case 'player': {
			const [playing] = await readReleased(register, visit, [visit.playing]);
			if (!playing) return atVisit(register, kiosk, { ...visit, state: 'list' });
			if (mark) {
				register.listenings.expect(kiosk.id, {
					...mark,
					listener: { kind: 'kiosk', kiosk, visit },
					recording: playing
				});
			}
			const { peaks, channels } = playing;
			const recording = { ...shown(register, playing), peaks, channels };
			return { ...common, screen: 'player', recording, positionMs: visit.positionMs };
		}
		case 'leaving':
			return { ...common, screen: 'leaving', wishes: visit.wishes, calls: visit.recordings.length };
		case 'ended':
			return attract(register, kiosk);
		default:
			return { ...common, screen: visit.state };
	}
}

/** Those of these recordings that are still there and in time, oldest first; each first view is in the log before. */
async function readReleased(register: Register, visit: Visit, ids: readonly string[]): Promise<Recording[]> {
	const store = recordings(register.pocketbase.service);
	const found = await Promise.all(ids.map((id) => store.one(id).catch(unlessMissing)));
	const alive = found.filter((one) => one !== undefined).filter((one) => hearableUntil(one) > register.now());
	if (alive.some(({ id }) => !visit.shown.includes(id))) await logViews(register, visit, alive);
	return alive.sort((a, b) => a.answered.getTime() - b.answered.getTime());
}

/** Once a recording and visit, also when two screens ask at once. */
async function logViews(register: Register, visit: Visit, given: readonly Recording[]): Promise<void> {
	await register.turns.take(visit.id, async () => {
		const store = visits(register.pocketbase.service);
		const { shown: already } = await store.one(visit.id);
		const first = given.map(({ id }) => id).filter((id) => !already.includes(id));
		if (first.length === 0) return;
		await register.accessLog.append(first.map((recording) => line(visit, { action: 'view_recording', recording })));
		await store.update(visit.id, { 'shown+': first });
	});
}

function unlessMissing(fault: unknown): undefined {
	if (!isFailure(fault) || fault.kind !== 'missing') throw fault;
}

function shown({ settings }: Register, recording: Recording): Shown {
	const { id, answered, durationMs, direction, line, serviceNumber, employeeName } = recording;
	return {
		id,
		answered: answered.toISOString(),
		durationMs,
		direction,
		line,
		serviceNumber,
		...(settings.employeeNameAtKiosk ? { employeeName } : {})
	};
}
