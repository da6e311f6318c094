import { Failure } from '#failures.ts';
import { log, mayWork, type Desk } from '#requests/request.ts';
import type { Register } from '#register.server.ts';
import { appointments } from './appointment-row.ts';
import { newCodes, recognised, type Codes } from './code.ts';

/**
 * New codes for an appointment's invitation; those of an earlier one die. Only their hashes are stored, so an invitation
 * can be made again but never looked up. Refuses when the hour is over or given back.
 */
export async function invite(register: Register, desk: Desk, appointmentId: string): Promise<Codes> {
	mayWork(register, desk);
	const { request } = await appointments(desk.as).one(appointmentId);
	return register.turns.take(request, async () => {
		const { state, ends, office, kiosk } = await appointments(desk.as).one(appointmentId);
		if (state !== 'booked') throw new Failure('conflict', 'not_booked');
		if (ends <= register.now()) throw new Failure('too_late', 'slot_over');
		const codes = newCodes();
		await log(register, desk, request, 'print_invitation', { appointment: appointmentId, office, kiosk });
		await appointments(desk.as).update(appointmentId, {
			token_hash: recognised(codes.token)?.hash,
			code_hash: recognised(codes.code)?.hash
		});
		return codes;
	});
}
