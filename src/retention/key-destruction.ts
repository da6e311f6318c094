import { written } from '#pocketbase/collection.ts';
import { settle } from '#pocketbase/leftovers.ts';
import type { Register } from '#register.server.ts';
import { helsinkiDay } from '#sealing/day.ts';
import type { KeyName } from '#sealing/keyring.ts';
import { destroyedKeys, nameOfKey, type DestroyedKey } from './destruction.ts';
import { line, type Sweeping } from './sweeping.ts';

/**
 * Destroys a key: noted first, then everything that was written down is brought to the disk, then the file goes, then
 * it is logged and certified. Nothing happens when there is no such key.
 */
export async function destroyKey(register: Register, sweeping: Sweeping, key: KeyName): Promise<void> {
	const fingerprint = await register.keyring.fingerprintOf(key);
	if (!fingerprint) return;
	const keys = destroyedKeys(register.retention);
	const noted = await keys.create({ name: nameOfKey(key), fingerprint, begun: written(register.now()) });
	sweeping.reached('key_noted');
	await complete(register, sweeping, noted);
}

/** Finishes the keys that a killed sweep had noted. */
export async function finishKeys(register: Register, sweeping: Sweeping): Promise<void> {
	const noted = await destroyedKeys(register.retention).list({ filter: 'destroyed = ""', limit: 500 });
	for (const one of noted) await complete(register, sweeping, one);
}

async function complete(register: Register, sweeping: Sweeping, noted: DestroyedKey): Promise<void> {
	const { retention, keyring, accessLog } = register;
	await settle(register.settings.data);
	sweeping.reached('settled');
	await keyring.destroy(noted.key, { onOverwritten: () => sweeping.reached('key_overwritten') });
	sweeping.reached('key_destroyed');
	await accessLog.append(
		line({
			action: 'destroy_key',
			...('day' in noted.key
				? { measures: { day: Number(noted.key.day.replaceAll('-', '')) } }
				: { recording: noted.key.recording })
		})
	);
	sweeping.reached('key_logged');
	const now = register.now();
	await destroyedKeys(retention).update(noted.id, { destroyed: written(now), destroyed_day: helsinkiDay(now) });
	sweeping.swept.keys++;
	sweeping.reached('key_certified');
}
