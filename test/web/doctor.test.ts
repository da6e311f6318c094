import { afterAll, beforeAll, expect, it } from 'vitest';
import { written } from '#pocketbase/collection.ts';
import { everyRole, serveHouse, type Served } from '../support/pages.ts';
import * as plant from '../support/plant.ts';

// The page that tells a maintainer how the system is.

let served: Served;
let cookies: Map<string, string>;
beforeAll(async () => {
	served = await serveHouse();
	cookies = new Map();
	for (const role of everyRole) cookies.set(role, served.session(await plant.person(served.house, [role])));
});
afterAll(() => served.close());

const look = (role: string, language = 'fi') =>
	served.ask('/console/doctor', `${cookies.get(role)}; __Host-language=${language}`);

it('a maintainer reads in their language what must be done, and no other role does', async () => {
	const { superuser } = served.house;
	const taker = (await superuser.collection('staff').getFullList())[0]?.id ?? '';
	await plant.request(served.house, taker, { due: written(new Date(Date.now() - 24 * 3600_000)) });
	const words = {
		fi: ['Toimi nyt', 'myöhässä olevia pyyntöjä: 1', 'kerro yhteyshenkilöille'],
		sv: ['Åtgärda nu', 'begäranden som har passerat tidsfristen: 1', 'underrätta kontaktpersonerna'],
		en: ['Act now', 'requests past the deadline: 1', 'tell the contact persons']
	};
	for (const [language, texts] of Object.entries(words)) {
		const { status, text } = await look('maintainer', language);
		expect(status).toBe(200);
		for (const one of texts) expect(Buffer.from(text, 'latin1').toString()).toContain(one);
		expect(text).not.toContain('Testi Asiakas');
	}
	for (const role of everyRole.filter((one) => one !== 'maintainer')) expect((await look(role)).status).toBe(403);
});
