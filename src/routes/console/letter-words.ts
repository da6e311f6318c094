import type { Invitation } from '#visits/invitation.ts';
import type { Wording } from '#visits/sending.ts';
import { day, time, type Language } from '#ui/language.svelte.ts';
import { m } from '#ui/words/compiled/messages.js';

// What goes to the customer by e-mail: as short as the letter's first paragraph, in their language.

/** The invitation, or the new one when the time was moved. */
export function invitationWords(given: Invitation, code: string, language?: Language): Wording {
	const letter = language ? { ...given, appointment: { ...given.appointment, language } } : given;
	const to = { locale: letter.appointment.language };
	const lead = letter.appointment.sequence === 0 ? m.hours_mail_lead({}, to) : m.hours_mail_moved({}, to);
	return {
		subject: letter.appointment.sequence === 0 ? m.hours_mail_subject({}, to) : m.hours_mail_subject_moved({}, to),
		text: [
			lead,
			when(letter),
			m.hours_mail_code({ code }, to),
			m.hours_mail_bring({}, to),
			m.hours_mail_change({ phone: letter.contact.phone }, to),
			signature(letter)
		].join('\n\n'),
		summary: m.hours_summary({}, to)
	};
}

/** That the time was given back. */
export function cancellationWords(letter: Invitation): Wording {
	const to = { locale: letter.appointment.language };
	return {
		subject: m.hours_mail_subject_cancelled({}, to),
		text: [
			m.hours_mail_cancelled({}, to),
			when(letter),
			m.hours_mail_again({ phone: letter.contact.phone }, to),
			signature(letter)
		].join('\n\n'),
		summary: m.hours_summary({}, to)
	};
}

function when({ appointment: { starts, ends, language }, office }: Invitation): string {
	const clock = m.invitation_clock({ from: time(starts, language), to: time(ends, language) }, { locale: language });
	return `${day(starts, language)}, ${clock}\n${office.name}, ${office.address}`;
}

function signature({ contact, controller }: Invitation): string {
	return `${contact.name}\n${controller.name}`;
}
