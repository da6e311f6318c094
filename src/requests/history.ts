import type { Action } from '#access-log/words.ts';
import type { Register } from '#register.server.ts';
import { people } from '#staff/person.ts';
import { mayWork, type Desk } from './request.ts';

/** What belongs to a request's history; what was only looked at does not. */
const told = new Set<string>([
	'receive_request',
	'change_request',
	'extend_request',
	'note_wish',
	'answer_wish',
	'close_request',
	'print_letter',
	'bind_recording',
	'unbind_recording',
	'rule_out_recording',
	'rule_in_recording',
	'check_recording',
	'hold_recording',
	'end_hold',
	'book_appointment',
	'cancel_appointment',
	'print_invitation',
	'show_code',
	'verify_identity',
	'release_visit',
	'end_visit',
	'report_not_my_call',
	'wish'
] satisfies Action[]);
const most = 1000;

export interface Happened {
	sequence: number;
	at: Date;
	action: string;
	/** Who did it; empty for the customer, the kiosk and the application. */
	by: string;
	/** Why it did not happen after all. */
	refused: boolean;
}

/** What happened to a request, newest first, with who did it: it is read from the access log, and kept nowhere else. */
export async function history(register: Register, desk: Desk, request: string): Promise<Happened[]> {
	mayWork(register, desk);
	const lines = await register.accessLog.read({ limit: most, where: { request } });
	const those = lines.filter(({ action }) => told.has(action));
	const ids = new Set(those.flatMap(({ actor, role }) => (actor && role === 'contact_person' ? [actor] : [])));
	const names = new Map(
		await Promise.all([...ids].map(async (id) => [id, (await people(desk.as).one(id)).name] as const))
	);
	return those.map(({ sequence, at, action, actor, outcome }) => ({
		sequence,
		at: new Date(at),
		action,
		by: names.get(actor ?? '') ?? '',
		refused: outcome === 'refused'
	}));
}
