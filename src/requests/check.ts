import { Failure } from '#failures.ts';
import { read as readRecording } from '#recordings/recording.ts';
import type { Register } from '#register.server.ts';
import { inTurn, log, requests, type Desk, type SubjectRequest } from './request.ts';

const withinMs = 2 * 60_000;

/**
 * Lets the contact person hear the first half minute of a candidate, once for each candidate and request, with a line
 * of its own in the log; the door to the audio gives no more than that. Refuses one that was checked already.
 */
export async function checkByEar(
	register: Register,
	desk: Desk,
	requestId: string,
	recording: string
): Promise<SubjectRequest> {
	return inTurn(register, desk, requestId, async (request) => {
		const call = await readRecording(desk.as, recording);
		if (call.destroyAfter <= register.now()) throw new Failure('too_late', 'past_retention');
		if (request.checked.includes(recording)) throw new Failure('conflict', 'checked_already');
		await log(register, desk, requestId, 'check_recording', { recording });
		const changed = await requests(desk.as).update(requestId, { 'checked+': recording });
		const until = new Date(register.now().getTime() + withinMs);
		register.listenings.allowCheck(desk.person.id, recording, { request: requestId, until });
		return changed;
	});
}
