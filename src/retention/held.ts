import { createHash } from 'node:crypto';
import { Failure } from '#failures.ts';
import type { Storage } from '#pocketbase/storage.ts';
import type { Register } from '#register.server.ts';
import { reseal } from '#sealing/reseal.ts';
import { kept, type KeptRecording } from './kept.ts';
import { line, type Sweeping } from './sweeping.ts';

/**
 * Seals a held recording to a key of its own, so that its day's key can go; the new file is on the disk when this
 * returns, and opens. Refuses with `unavailable` when any of that is not so: then the day's key must stay.
 */
export async function sealAnew(
	register: Register,
	{ reached, swept }: Sweeping,
	storage: Storage,
	one: KeptRecording
): Promise<void> {
	const { keyring, retention, accessLog } = register;
	const recipient = await keyring.ownRecipientFor(one.id);
	reached('own_key_made');
	const identity = await keyring.identityOf({ ...one, ownKey: true });
	const sealed = await storage.read(one.id, one.audio);
	const anew = await reseal(sealed, await keyring.identityFor(one.keyDay), { recipient, identity });
	await accessLog.append(line({ action: 'reseal_recording', recording: one.id }));
	const form = new FormData();
	form.set('own_key', 'true');
	form.set('audio', new Blob([Uint8Array.from(anew)]), 'sealed.age');
	const { audio } = await kept(retention).update(one.id, form);
	reached('resealed');
	await storage.keepOnly(one.id, audio);
	const stored = await storage.sha256(one.id, audio);
	if (stored !== createHash('sha256').update(anew).digest('hex')) throw new Failure('unavailable', 'storage');
	swept.resealed++;
	reached('resealed_kept');
}
