import { randomBytes } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import * as plant from './plant.ts';
import type { Serving } from './serving.ts';

/** A visit that stands before the player: verified, released, its call chosen. */
export interface AtThePlayer {
	/** The kiosk's cookie value. */
	secret: string;
	recording: string;
	visit: string;
	/** 64 bytes from the middle of the recording that occur nowhere else. */
	marker: Buffer;
}

/** Imports one call of noise (A-law, so that its bytes go to the browser as they are) and plants a visit that may hear it. */
export async function atThePlayer(serving: Serving, seconds = 20): Promise<AtThePlayer> {
	const folder = await mkdtemp(path.join(os.tmpdir(), 'kuuntelupiste-noise-'));
	const file = path.join(folder, 'noise.wav');
	await writeFile(path.join(folder, 'noise.raw'), randomBytes(seconds * 16_000));
	execFileSync('ffmpeg', [
		'-v',
		'error',
		'-f',
		'alaw',
		'-ar',
		'8000',
		'-ac',
		'2',
		'-i',
		path.join(folder, 'noise.raw'),
		'-c:a',
		'pcm_alaw',
		file
	]);
	const sound = await readFile(file);
	const answered = new Date(Date.now() - 24 * 3600_000);
	const disconnected = new Date(answered.getTime() + seconds * 1000);
	await writeFile(
		path.join(folder, 'calls.csv'),
		'answered,disconnected,direction,line,service_number,customer_number,employee,audio\n' +
			`${answered.toISOString()},${disconnected.toISOString()},received,customer_service,+358740010100,+358495550123,agent,noise.wav\n`
	);
	const { code, err } = await serving.command('import', folder);
	await rm(folder, { recursive: true, force: true });
	if (code !== 0) throw new Error(`the call was not imported: ${err}`);

	const superuser = await serving.superuser();
	const house = { superuser };
	const [recording] = await superuser.collection('recordings').getFullList({ sort: '-created' });
	const [office] = await superuser.collection('offices').getFullList();
	const [person] = await superuser.collection('staff').getFullList({ filter: 'roles ~ "contact_person"' });
	if (!recording || !office || !person) throw new Error('the register is not furnished');
	const kiosk = await plant.kiosk(house, office.id, person.id);
	const request = await plant.request(house, person.id, { state: 'booked', recordings: [recording.id] });
	const place = { request: request.id, office: office.id, kiosk: kiosk.id };
	const appointment = await plant.appointment(house, { ...place, bookedBy: person.id }, { state: 'kept' });
	const visit = await plant.visit(
		house,
		{ ...place, appointment: appointment.id },
		{
			state: 'player',
			playing: recording.id,
			recordings: [recording.id],
			verified_by: person.id,
			verified: new Date().toISOString(),
			document: 'passport'
		}
	);
	const middle = Math.floor(sound.length / 2);
	return {
		secret: kiosk.secret,
		recording: recording.id,
		visit: visit.id,
		marker: sound.subarray(middle, middle + 64)
	};
}
