import QRCode from 'qrcode';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newCodes } from '#visits/code.ts';
import * as invitation from '#visits/invitation.ts';
import { openHouse, type House } from '../../support/house.ts';
import * as plant from '../../support/plant.ts';

let house: House;
beforeAll(async () => {
	house = await openHouse({ KUUNTELUPISTE_CONTACT: 'Testi Yhteyshenkilö', KUUNTELUPISTE_CONTACT_PHONE: '010 000 000' });
});
afterAll(() => house.close());

test('the QR code of every invitation is small, 25 modules at level Q, and drawn as the library made it', () => {
	for (let round = 0; round < 200; round++) {
		const { token } = newCodes();
		const { path, modules } = invitation.qrPath(token);
		expect(modules).toBe(25);
		const dark = new Set([...path.matchAll(/M(\d+) (\d+)h1v1h-1z/g)].map(([, x, y]) => `${x} ${y}`));
		const made = QRCode.create([{ data: token, mode: 'alphanumeric' }], { errorCorrectionLevel: 'Q' }).modules;
		for (let y = 0; y < 25; y++) {
			for (let x = 0; x < 25; x++) expect(dark.has(`${x} ${y}`)).toBe(Boolean(made.get(y, x)));
		}
	}
});

test("an invitation says whom, where, when, and whom to call, in the customer's language", async () => {
	const desk = await plant.person(house, ['contact_person']);
	const office = await plant.office(house, { name: 'Mallilan toimipiste', address: 'Mallikatu 1' });
	const kiosk = await plant.kiosk(house, office.id, desk.person.id);
	const request = await plant.request(house, desk.person.id, { name: 'Helmi Esimerkki' });
	const { id } = await plant.appointment(
		house,
		{ request: request.id, office: office.id, kiosk: kiosk.id, bookedBy: desk.person.id },
		{ language: 'sv' }
	);
	const said = await invitation.read(house.register, desk, id);
	expect(said).toMatchObject({
		name: 'Helmi Esimerkki',
		office: { name: 'Mallilan toimipiste', address: 'Mallikatu 1' },
		controller: { name: 'Posti Group Oyj', businessId: '1531864-4' },
		contact: { name: 'Testi Yhteyshenkilö', phone: '010 000 000' },
		appointment: { id, language: 'sv' }
	});
	// What comes with it holds neither the codes nor their hashes.
	expect(JSON.stringify(said)).not.toMatch(/hash|token/);
	const [last] = await house.register.accessLog.read({ limit: 1 });
	expect(last).toMatchObject({ action: 'view_request', request: request.id, appointment: id, actor: desk.person.id });
	const agent = await plant.person(house, ['agent']);
	await expect(invitation.read(house.register, agent, id)).rejects.toMatchObject({ reason: 'wrong_role' });
});
