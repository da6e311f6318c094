import { createTransport } from 'nodemailer';
import { Failure } from '#failures.ts';
import type { Settings } from '#settings.ts';
import type { CalendarFile } from './calendar-file.ts';

/** One short letter by e-mail, with its calendar file. */
export interface Letter {
	to: string;
	subject: string;
	text: string;
	calendar: CalendarFile;
}

/** Sends letters by the operator's mail server. Refuses with `unavailable: mail` what it does not take. */
export interface Mail {
	send(letter: Letter): Promise<void>;
}

const loopback = /^(127\.\d+\.\d+\.\d+|\[?::1\]?|localhost)$/;

/**
 * The mail server of the settings; undefined where there is none, and then nothing is sent to anybody. Refuses settings
 * by which a name would go over the net unencrypted.
 */
export function openMail(settings: Settings): Mail | undefined {
	const { smtpHost: host, smtpPort: port, smtpUser: user, smtpPassword: pass, smtpFrom: from, smtpTls: tls } = settings;
	if (!host) return undefined;
	if (!from) throw wrong('KUUNTELUPISTE_SMTP_FROM', 'must be set where there is a mail server');
	if (tls === 'none' && !loopback.test(host)) {
		throw wrong('KUUNTELUPISTE_SMTP_TLS', 'may be none only for a mail server on this machine');
	}
	const transport = createTransport({
		host,
		port,
		secure: tls === 'implicit',
		requireTLS: tls === 'starttls',
		ignoreTLS: tls === 'none',
		...(user && pass ? { auth: { user, pass } } : {}),
		connectionTimeout: 10_000,
		greetingTimeout: 10_000,
		socketTimeout: 15_000,
		disableFileAccess: true,
		disableUrlAccess: true
	});
	return {
		async send({ to, subject, text, calendar }) {
			try {
				await transport.sendMail({
					from: { name: settings.controllerName, address: from },
					to: { name: '', address: to },
					subject,
					text,
					icalEvent: { method: calendar.method, filename: 'kuunteluaika.ics', content: calendar.text },
					headers: { 'Auto-Submitted': 'auto-generated' }
				});
			} catch (cause) {
				// What the server says may repeat the address, so it goes no further than here.
				throw new Failure('unavailable', 'mail', { detail: 'The mail server did not take the letter.', cause });
			}
		}
	};
}

function wrong(field: string, must: string): Failure {
	return new Failure('invalid', 'setting', { field, detail: `${field} ${must}.` });
}
