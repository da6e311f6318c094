import { Failure } from '#failures.ts';
import type { Register } from '#register.server.ts';
import { kiosks, type Kiosk } from './kiosk.ts';
import { current } from './live-visit.ts';
import { upkeepLine, mustKeepUp, type Maintainer } from './pairing.ts';

const lifeMs = 15 * 60_000;
/** What a CSS pixel can measure, in millimetres: a telephone's screen to a wall's. */
export const sizes = { least: 0.05, most: 1 };

interface Calibration {
	/** The maintainer who began it. */
	by: string;
	ends: Date;
}

/** The kiosks that a maintainer is measuring, by id; in memory only, a quarter of an hour at most. */
export class Calibrations {
	readonly #byKiosk = new Map<string, Calibration>();

	of(kiosk: string, now: Date): Calibration | undefined {
		const found = this.#byKiosk.get(kiosk);
		return found && found.ends > now ? found : undefined;
	}

	begin(kiosk: string, by: string, now: Date): void {
		this.#byKiosk.set(kiosk, { by, ends: new Date(now.getTime() + lifeMs) });
	}

	end(kiosk: string): void {
		this.#byKiosk.delete(kiosk);
	}
}

/**
 * Has a kiosk show its ruler, so that whoever stands there can hold a bank card to it. Begun on the console, by a
 * maintainer; the kiosk itself holds no right to begin. Refuses while a visitor is there.
 */
export async function begin(register: Register, { person, as }: Maintainer, kioskId: string): Promise<void> {
	await mustKeepUp(register, person, 'calibrate_kiosk', kioskId);
	const kiosk = await kiosks(as).one(kioskId);
	if (kiosk.revoked) throw new Failure('conflict', 'kiosk_revoked');
	if (await current(register, kiosk)) throw new Failure('conflict', 'visit_under_way');
	register.calibrations.begin(kiosk.id, person.id, register.now());
	register.news.tell({ kiosk: kiosk.id, office: kiosk.office });
}

/** The ruler was set at the kiosk: its sizes are right from now on. Refuses when no maintainer asked for it. */
export async function finish(register: Register, kiosk: Kiosk, mmPerCssPx: number): Promise<void> {
	const asked = register.calibrations.of(kiosk.id, register.now());
	if (!asked) throw new Failure('too_late', 'not_calibrating');
	if (!(mmPerCssPx >= sizes.least && mmPerCssPx <= sizes.most)) {
		throw new Failure('invalid', 'size', { field: 'mmPerCssPx' });
	}
	await register.accessLog.append({
		...upkeepLine({ id: asked.by }, 'calibrate_kiosk'),
		kiosk: kiosk.id,
		office: kiosk.office,
		measures: { micrometres: Math.round(mmPerCssPx * 1000) }
	});
	await kiosks(register.pocketbase.service).update(kiosk.id, { mm_per_css_px: mmPerCssPx });
	leave(register, kiosk);
}

/** The ruler goes, and nothing changed. */
export function leave(register: Register, kiosk: Kiosk): void {
	register.calibrations.end(kiosk.id);
	register.news.tell({ kiosk: kiosk.id, office: kiosk.office });
}
