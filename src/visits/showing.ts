import { recordings, type Recording } from '#recordings/recording.ts';
import type { Register } from '#register.server.ts';
import { byDevice, seen, type Kiosk } from './kiosk.ts';
import { offices } from './office.ts';
import { visits, type Visit } from './visit.ts';
import { current, log } from './visiting.ts';

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
	visit: { id: string; language: Visit['language']; ends: string; called: boolean };
}

/** What a kiosk shows now, whole: one screen, as the server holds it. */
export type KioskView =
	| { screen: 'unpaired' }
	| { screen: 'pairing'; code: string; ends: string }
	| { screen: 'attract'; kiosk: string; office: string; mmPerCssPx: number }
	| ({ mmPerCssPx: number } & AtVisit &
			(
				| { screen: 'waiting' | 'notice' | 'headset' }
				| { screen: 'list'; recordings: Shown[] }
				| { screen: 'player'; recording: Shown & { peaks: number[][]; channels: number }; positionMs: number }
				| { screen: 'leaving'; wishes: string[]; calls: number }
			));

/** The screen of the device that holds this secret. Data of a recording are in the log before they are shown. */
export async function view(register: Register, deviceSecret: string | undefined): Promise<KioskView> {
	const kiosk = await byDevice(register, deviceSecret);
	if (!kiosk) {
		const pending = register.pairings.codeOf(deviceSecret, register.now());
		if (!pending) return { screen: 'unpaired' };
		return { screen: 'pairing', code: pending.code, ends: pending.ends.toISOString() };
	}
	await seen(register, kiosk);
	const visit = await current(register, kiosk);
	return visit ? atVisit(register, kiosk, visit) : attract(register, kiosk);
}

async function attract(register: Register, { name, office, mmPerCssPx }: Kiosk): Promise<KioskView> {
	const place = await offices(register.pocketbase.service).one(office);
	return { screen: 'attract', kiosk: name, office: place.name, mmPerCssPx };
}

async function atVisit(register: Register, { mmPerCssPx }: Kiosk, visit: Visit): Promise<KioskView> {
	const common = {
		mmPerCssPx,
		visit: {
			id: visit.id,
			language: visit.language,
			ends: visit.ends.toISOString(),
			called: visit.called !== undefined
		}
	};
	switch (visit.state) {
		case 'list': {
			const released = await readReleased(register, visit, visit.recordings);
			return { ...common, screen: 'list', recordings: released.map((one) => shown(register, one)) };
		}
		case 'player': {
			const [playing] = await readReleased(register, visit, [visit.playing]);
			if (!playing) return { ...common, screen: 'list', recordings: [] };
			const { peaks, channels } = playing;
			const recording = { ...shown(register, playing), peaks, channels };
			return { ...common, screen: 'player', recording, positionMs: visit.positionMs };
		}
		case 'leaving':
			return { ...common, screen: 'leaving', wishes: visit.wishes, calls: visit.recordings.length };
		case 'ended':
			return { ...common, screen: 'leaving', wishes: [], calls: 0 };
		default:
			return { ...common, screen: visit.state };
	}
}

/** The recordings of a visit, oldest first, without those whose time has run out; each first view is logged. */
async function readReleased(register: Register, visit: Visit, ids: readonly string[]): Promise<Recording[]> {
	for (const id of ids.filter((one) => !visit.shown.includes(one))) {
		await log(register, visit, 'view_recording', { recording: id });
		await visits(register.pocketbase.service).update(visit.id, { 'shown+': id });
	}
	const store = recordings(register.pocketbase.service);
	const found = await Promise.all(ids.map((id) => store.one(id)));
	return found
		.filter(({ destroyAfter }) => destroyAfter > register.now())
		.sort((a, b) => a.answered.getTime() - b.answered.getTime());
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
