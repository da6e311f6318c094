import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import * as plant from './plant.ts';
import type { Serving } from './serving.ts';
import { alaw } from './tones.ts';

/** A visit that stands before the player: verified, released, its call chosen. */
export interface AtThePlayer {
	/** The kiosk's cookie value. */
	secret: string;
	recording: string;
	visit: string;
	/** 64 bytes from the middle of the recording that occur nowhere else. */
	marker: Buffer;
}

/**
 * Imports one call and plants a visit that may hear it. The call is noise of 20 s unless another sound is given (A-law
 * in WAV, two channels, `seconds` long), so that its bytes go to the browser as they are.
 */
export async function atThePlayer(
	serving: Serving,
	{ seconds = 20, sound = noise(seconds) }: { seconds?: number; sound?: Uint8Array } = {}
): Promise<AtThePlayer> {
	const folder = await mkdtemp(path.join(os.tmpdir(), 'kuuntelupiste-call-'));
	await writeFile(path.join(folder, 'call.wav'), sound);
	const answered = new Date(Date.now() - 24 * 3600_000);
	const disconnected = new Date(answered.getTime() + seconds * 1000);
	await writeFile(
		path.join(folder, 'calls.csv'),
		'answered,disconnected,direction,line,service_number,customer_number,employee,audio\n' +
			`${answered.toISOString()},${disconnected.toISOString()},received,customer_service,+358740010100,+358495550123,agent,call.wav\n`
	);
	const { code, err } = await serving.command('import', folder);
	await rm(folder, { recursive: true, force: true });
	if (code !== 0) throw new Error(`the call was not imported: ${err}`);

	const superuser = await serving.superuser();
	const [recording] = await superuser.collection('recordings').getFullList({ sort: '-created' });
	const [office] = await superuser.collection('offices').getFullList();
	const [person] = await superuser.collection('staff').getFullList({ filter: 'roles ~ "contact_person"' });
	if (!recording || !office || !person) throw new Error('the register is not furnished');
	const of = { office: office.id, contact: person.id, calls: [recording.id] };
	const { kiosk, visit } = await plant.hearer({ superuser }, of, { playing: recording.id });
	const middle = Math.floor(sound.length / 2);
	return {
		secret: kiosk.secret,
		recording: recording.id,
		visit,
		marker: Buffer.from(sound.subarray(middle, middle + 64))
	};
}

/** Two channels of noise that no other recording shares. */
function noise(seconds: number): Uint8Array {
	return alaw(randomBytes(seconds * 16_000), 2);
}
