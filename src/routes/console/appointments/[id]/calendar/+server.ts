import * as invitation from '#visits/invitation.ts';
import { fileOf } from '#visits/sending.ts';
import { m } from '#ui/words/compiled/messages.js';
import { guarded } from '../../../../guard.ts';
import type { RequestHandler } from './$types';

/** The appointment as a calendar file, to hand on; once it is given back, its cancellation. */
export const GET: RequestHandler = guarded('desk', async ({ register, ...desk }, { params }) => {
	const letter = await invitation.read(register, desk, params.id);
	const { text, method } = fileOf(register, letter, m.hours_summary({}, { locale: letter.appointment.language }));
	return new Response(text, {
		headers: {
			'Content-Type': `text/calendar; charset=utf-8; method=${method}`,
			'Content-Disposition': 'attachment; filename="kuunteluaika.ics"'
		}
	});
});
