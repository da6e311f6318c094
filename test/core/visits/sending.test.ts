import { text } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { readSettings } from '#settings.ts';
import { openMail } from '#visits/mail.ts';
import type { Invitation } from '#visits/invitation.ts';
import { send } from '#visits/sending.ts';
import { openHouse, type House } from '../../support/house.ts';
import * as plant from '../../support/plant.ts';

// A real mail server on loopback, that the register's letters go to.

interface Received {
	from: string;
	to: string[];
	user: string | undefined;
	text: string;
}
const received: Received[] = [];
let refusing = false;
const server = new SMTPServer({
	hideSTARTTLS: true,
	allowInsecureAuth: true,
	onAuth({ username, password }, _, done) {
		if (username === 'register' && password === 'its password') done(null, { user: username });
		else done(new Error('wrong'));
	},
	onRcptTo({ address }, _, done) {
		done(refusing ? Object.assign(new Error(`no mailbox ${address}`), { responseCode: 550 }) : null);
	},
	onData(stream, { envelope, user }, done) {
		void text(stream).then((mail) => {
			received.push({
				from: envelope.mailFrom ? envelope.mailFrom.address : '',
				to: envelope.rcptTo.map(({ address }) => address),
				user: typeof user === 'string' ? user : undefined,
				text: mail
			});
			done();
		});
	}
});
server.on('error', () => undefined);

let house: House;
let desk: Awaited<ReturnType<typeof plant.person>>;
let port: number;
const environment = (more: Record<string, string> = {}): Record<string, string> => ({
	KUUNTELUPISTE_SMTP_HOST: '127.0.0.1',
	KUUNTELUPISTE_SMTP_PORT: String(port),
	KUUNTELUPISTE_SMTP_TLS: 'none',
	KUUNTELUPISTE_SMTP_USER: 'register',
	KUUNTELUPISTE_SMTP_PASSWORD: 'its password',
	KUUNTELUPISTE_SMTP_FROM: 'kuuntelu@esimerkki.example',
	...more
});
beforeAll(async () => {
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const address = server.server.address();
	port = address && typeof address === 'object' ? address.port : 0;
	house = await openHouse(environment());
	desk = await plant.person(house, ['contact_person']);
});
afterEach(() => {
	received.length = 0;
	refusing = false;
});
afterAll(async () => {
	await house.close();
	await new Promise<void>((resolve) => server.close(resolve));
});

async function appointment(reach: string, fields: Record<string, unknown> = {}): Promise<string> {
	const office = await plant.office(house);
	const kiosk = await plant.kiosk(house, office.id, desk.person.id);
	const request = await plant.request(house, desk.person.id, { reach, name: 'Helmi Esimerkki' });
	const place = { request: request.id, office: office.id, kiosk: kiosk.id, bookedBy: desk.person.id };
	return (await plant.appointment(house, place, fields)).id;
}
const words = ({ office }: Invitation) => ({
	subject: 'Kuunteluaikasi',
	text: `Tervetuloa: ${office.address}. Koodi: ABCD-EFGH-J`,
	summary: 'Kuunteluaika'
});
const lines = async (id: string) =>
	(await house.register.accessLog.read({ limit: 50, where: { appointment: id } }))
		.reverse()
		.filter(({ action }) => action === 'send_invitation');

/** The decoded parts of a message, each with its headers. */
function parts(message: string): { head: string; body: string }[] {
	return message
		.split(/\r\n--[^\r\n]+/)
		.map((part) => part.replace(/^\r\n/, ''))
		.filter((part) => part.includes('\r\n\r\n'))
		.map((part) => {
			const at = part.indexOf('\r\n\r\n');
			const [head, body] = [part.slice(0, at).replaceAll(/\r\n\s+/g, ' '), part.slice(at + 4)];
			if (/encoding: base64/i.test(head)) return { head, body: Buffer.from(body, 'base64').toString('utf8') };
			if (!/encoding: quoted-printable/i.test(head)) return { head, body };
			const joined = body.replaceAll('=\r\n', '');
			const bytes = joined.replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
			return { head, body: Buffer.from(bytes, 'latin1').toString('utf8') };
		});
}

test('an invitation reaches the requester by e-mail, with its calendar file, and the line in the log came before', async () => {
	const id = await appointment('  helmi@esimerkki.example ', { sequence: 2 });
	expect(await send(house.register, desk, id, words)).toBe('sent');
	const [mail] = received;
	if (!mail) throw new Error('nothing was received');
	expect(mail).toMatchObject({ from: 'kuuntelu@esimerkki.example', to: ['helmi@esimerkki.example'], user: 'register' });
	const [head = ''] = mail.text.split('\r\n\r\n');
	expect(head).toMatch(/^Subject: Kuunteluaikasi$/m);
	// No code, name or number stands where a list of letters shows it.
	expect(head).not.toMatch(/ABCD|Helmi Esimerkki/);
	const [plain, ...rest] = parts(mail.text.slice(mail.text.indexOf('\r\n\r\n')));
	expect(plain?.head).toContain('text/plain');
	expect(plain?.body).toContain('Tervetuloa: Mallikatu 1, 00000 Mallila. Koodi: ABCD-EFGH-J');
	const files = rest.filter(({ head: one }) => one.includes('text/calendar') || one.includes('application/ics'));
	expect(files.some(({ head: one }) => one.includes('attachment'))).toBe(true);
	for (const { body } of files) {
		expect(body).toContain('METHOD:PUBLISH');
		expect(body).toContain(`UID:${id}@kuuntelupiste`);
		expect(body).toContain('SEQUENCE:2');
		expect(body).not.toContain('helmi');
	}
	expect(await lines(id)).toMatchObject([{ outcome: 'done', actor: desk.person.id, purpose: 'subject_access' }]);
});

test('that an hour was given back takes it from the calendar', async () => {
	const id = await appointment('helmi@esimerkki.example', { state: 'cancelled', sequence: 1 });
	expect(await send(house.register, desk, id, words)).toBe('sent');
	const decoded = parts(received[0]?.text ?? '')
		.map(({ body }) => body)
		.join('\n');
	expect(decoded).toContain('METHOD:CANCEL');
	expect(decoded).toContain('STATUS:CANCELLED');
});

test.each(['040 555 0123', 'helmi at esimerkki', 'a@b.example, c@d.example', ''])(
	'nothing is sent to somebody who is reached by "%s"',
	async (reach) => {
		const id = await appointment(reach);
		expect(await send(house.register, desk, id, words)).toBe('not_by_mail');
		expect(received).toEqual([]);
		expect(await lines(id)).toEqual([]);
	}
);

test('a letter that is refused is told, stands in the log without the address, and loses nothing', async () => {
	refusing = true;
	const id = await appointment('helmi@esimerkki.example', { token_hash: 'a'.repeat(64) });
	expect(await send(house.register, desk, id, words)).toBe('failed');
	const said = await lines(id);
	expect(said).toMatchObject([{ outcome: 'done' }, { outcome: 'refused', reason: 'mail_failed' }]);
	expect(JSON.stringify(said)).not.toContain('helmi');
	expect(await house.superuser.collection('appointments').getOne(id)).toMatchObject({
		state: 'booked',
		token_hash: 'a'.repeat(64)
	});
});

test.each([
	['a server that is away', { KUUNTELUPISTE_SMTP_PORT: '1' }],
	['a server without encryption where it is asked for', { KUUNTELUPISTE_SMTP_TLS: 'starttls' }],
	['a wrong password', { KUUNTELUPISTE_SMTP_PASSWORD: 'another' }]
])('%s gets nothing', async (_, more) => {
	const mail = openMail(readSettings(environment(more)));
	const letter = { to: 'helmi@esimerkki.example', subject: 's', text: 't' };
	await expect(mail?.send({ ...letter, calendar: { method: 'PUBLISH', text: '' } })).rejects.toMatchObject({
		kind: 'unavailable',
		reason: 'mail'
	});
	expect(received).toEqual([]);
});

test('without a mail server there is no mail; without a sender or encryption to another machine it does not start', () => {
	expect(openMail(readSettings({}))).toBeUndefined();
	const refused = (more: Record<string, string>) => () => openMail(readSettings(environment(more)));
	expect(refused({ KUUNTELUPISTE_SMTP_FROM: '' })).toThrow(
		expect.objectContaining({ kind: 'invalid', field: 'KUUNTELUPISTE_SMTP_FROM' })
	);
	expect(refused({ KUUNTELUPISTE_SMTP_HOST: 'mail.esimerkki.example' })).toThrow(
		expect.objectContaining({ kind: 'invalid', field: 'KUUNTELUPISTE_SMTP_TLS' })
	);
});
