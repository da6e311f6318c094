import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { collection, instant, written } from '#pocketbase/collection.ts';
import type { Client } from '#pocketbase/pocketbase.ts';
import type { Register } from '#register.server.ts';

const Row = v.pipe(
	v.object({
		id: v.string(),
		name: v.string(),
		office: v.string(),
		revoked: instant,
		mm_per_css_px: v.number(),
		last_seen: instant,
		page_version: v.string(),
		paired_by: v.string()
	}),
	v.transform((row) => ({
		id: row.id,
		name: row.name,
		office: row.office,
		revoked: row.revoked,
		/** The size of a CSS pixel on this screen, in millimetres. */
		mmPerCssPx: row.mm_per_css_px,
		lastSeen: row.last_seen,
		/** The version of the page that it showed last; empty before it has said so. */
		pageVersion: row.page_version,
		pairedBy: row.paired_by
	}))
);
/** A listening point: one device at one office. */
export type Kiosk = v.InferOutput<typeof Row>;

/** The kiosks as one client may see them. */
export function kiosks(as: Client) {
	return collection(as, 'kiosks', Row);
}

/** What is kept of a device's secret. */
export function deviceHash(secret: string): string {
	return createHash('sha256').update(secret).digest('hex');
}

/** The kiosk that holds this secret; undefined when none does or its right was revoked. */
export async function byDevice(register: Register, secret: string | undefined): Promise<Kiosk | undefined> {
	if (!secret) return undefined;
	return kiosks(register.pocketbase.service).first({
		filter: "device_hash = {:hash} && revoked = ''",
		params: { hash: deviceHash(secret) }
	});
}

/** Notes that a kiosk is alive and, when it is another, which version of the page it shows; at most every half a minute. */
export async function seen(register: Register, kiosk: Kiosk, version = kiosk.pageVersion): Promise<void> {
	const now = register.now();
	const known = kiosk.pageVersion === version;
	if (known && kiosk.lastSeen && now.getTime() - kiosk.lastSeen.getTime() < 30_000) return;
	await kiosks(register.pocketbase.service).update(kiosk.id, { last_seen: written(now), page_version: version });
}

/**
 * A kiosk says that it is there and which version of the page it shows. When it falls silent (its browser fell, its line
 * was cut, its power failed) what it plays ends, with `kiosk_lost` in the log; its visit goes on when it returns.
 */
export async function alive(register: Register, kiosk: Kiosk, version: string): Promise<void> {
	// Told to the boards only: a kiosk has nothing to look for.
	const tell = (): void => register.news.tell({ office: kiosk.office });
	const gone = (): void => {
		tell();
		register.listenings.end(register, { kiosk: kiosk.id }, 'kiosk_lost').catch(() => undefined);
	};
	if (register.presence.heard(kiosk.id, version, gone)) tell();
	await seen(register, kiosk, version);
}
