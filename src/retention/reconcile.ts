import { each } from '#pocketbase/each.ts';
import { openStorage } from '#pocketbase/places.ts';
import type { Register } from '#register.server.ts';
import { kept, keptFields } from './kept.ts';
import { destroyKey } from './key-destruction.ts';
import { line, nothingSwept } from './sweeping.ts';

/** What does not fit together, each by the recording's id; nothing of a call is in it. */
export interface Reconciled {
	recordings: number;
	found: {
		/** A folder with a sealed file, and no row: a deletion or an intake was cut short. */
		orphanFolder: string[];
		/** A recording's own key, and no row. */
		strayKey: string[];
		missingFile: string[];
		missingKey: string[];
	};
	/** How many folders and keys of no recording were removed. */
	removed: number;
}

/** What came last may be an intake under way, whose row is still to come. */
const settledMs = 3600_000;

/**
 * Compares the database with its files and with the keyring. What belongs to no recording and is more than an hour old
 * is removed when told so, after the log has it; what a recording lacks is only named. Not to be run beside a sweep.
 */
export async function reconcile(register: Register, { remove }: { remove: boolean }): Promise<Reconciled> {
	const { retention, keyring, accessLog, settings } = register;
	const storage = openStorage(settings.data, 'recordings');
	// The folders before the rows: a row that comes meanwhile has its folder already.
	const folders = await storage.folders();
	const keys = await keyring.list();
	const [days, own] = [new Set(keys.days), new Set(keys.recordings)];
	const rows = new Set<string>();
	const found: Reconciled['found'] = { orphanFolder: [], strayKey: [], missingFile: [], missingKey: [] };
	for await (const one of each(kept(retention), { filter: '', fields: keptFields })) {
		rows.add(one.id);
		if (!(await storage.has(one.id, one.audio))) found.missingFile.push(one.id);
		if (!(one.ownKey ? own.has(one.id) : days.has(one.keyDay))) found.missingKey.push(one.id);
	}
	const before = Date.now() - settledMs;
	for (const id of folders.filter((name) => !rows.has(name))) {
		if ((await storage.changedMs(id)) < before) found.orphanFolder.push(id);
	}
	found.strayKey = keys.recordings.filter((id) => !rows.has(id));

	const removable = remove ? found.orphanFolder.length + found.strayKey.length : 0;
	await accessLog.append(line({ action: 'reconcile', measures: { recordings: removable } }));
	if (!remove) return { recordings: rows.size, found, removed: 0 };
	for (const id of found.orphanFolder) await storage.remove(id);
	const sweeping = { signal: undefined, reached: () => undefined, swept: nothingSwept() };
	for (const recording of found.strayKey) await destroyKey(register, sweeping, { recording });
	return { recordings: rows.size, found, removed: removable };
}
