import * as v from 'valibot';
import { isFailure } from '#failures.ts';
import type { Register } from '#register.server.ts';
import { log, type Desk } from '#requests/request.ts';
import { calendarFile, type CalendarFile } from './calendar-file.ts';
import * as invitation from './invitation.ts';
import type { Invitation } from './invitation.ts';

/** What a letter by e-mail says, in the customer's language; the subject says nothing of codes, names or calls. */
export interface Wording {
	subject: string;
	text: string;
	/** What the time is called in the customer's calendar. */
	summary: string;
}

/** How a letter went: a failed one is to be told to the contact person, who has it on paper. */
export type Sent = 'sent' | 'failed' | 'not_by_mail';

const Address = v.pipe(v.string(), v.trim(), v.email(), v.maxLength(254));

/**
 * Sends what changed about an appointment to the requester, if there is a mail server and the way to reach them is an
 * e-mail address; the line in the log comes first. That it failed changes nothing else.
 */
export async function send(
	register: Register,
	desk: Desk,
	appointmentId: string,
	words: (letter: Invitation) => Wording
): Promise<Sent> {
	if (!register.mail) return 'not_by_mail';
	const letter = await invitation.read(register, desk, appointmentId);
	const to = v.safeParse(Address, letter.reach);
	if (!to.success) return 'not_by_mail';
	const { id, request, office, kiosk } = letter.appointment;
	const about = { appointment: id, office, kiosk };
	const { subject, text, summary } = words(letter);
	await log(register, desk, request, 'send_invitation', about);
	try {
		await register.mail.send({ to: to.output, subject, text, calendar: fileOf(register, letter, summary) });
		return 'sent';
	} catch (fault) {
		if (!isFailure(fault)) throw fault;
		await log(register, desk, request, 'send_invitation', { ...about, refused: 'mail_failed' });
		return 'failed';
	}
}

/** The calendar file of a letter. */
export function fileOf(register: Register, letter: Invitation, summary: string): CalendarFile {
	return calendarFile(register.settings, letter.appointment, letter.office, { summary, written: letter.written });
}
