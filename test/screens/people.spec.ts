import { expect, test, type Page } from '@playwright/test';
import { written } from '#pocketbase/collection.ts';
import type { Client } from '#pocketbase/pocketbase.ts';
import type { Role } from '#staff/person.ts';
import { openPage } from '../support/browsing.ts';
import { byKeyboard } from '../support/by-keyboard.ts';
import { accessible, fits, large, picture, small } from '../support/looking.ts';
import { furnish, password } from '../support/people.ts';
import { enrol } from '../support/second-factor.ts';
import { serveHere, type ServingHere } from '../support/serving-by-clock.ts';

// People, teams, training: who changes them proves again who they are; what is wrong is named; what is missing is told.

const minute = 60_000;
const day = 24 * 60 * minute;
let here: ServingHere;
let superuser: Client;
test.beforeAll(async () => {
	here = await serveHere(
		async (superuser) => {
			await furnish(superuser);
			const roles: Role[] = ['contact_person', 'agent', 'supervisor', 'maintainer', 'auditor'];
			await superuser.collection('staff').create({
				...{ sign_in_name: 'everything', name: 'Kerttu Kaikkonen', active: true, roles },
				...{ password, passwordConfirm: password }
			});
		},
		{ KUUNTELUPISTE_SECOND_FACTOR: 'yes' }
	);
	superuser = await here.superuser();
});
test.afterAll(() => here.remove());
test.beforeEach(() => void (here.clock.aheadMs = 0));

const staff = (signInName: string) => superuser.collection('staff').getFirstListItem(`sign_in_name = '${signInName}'`);
const heading = (page: Page) => page.getByRole('heading', { level: 1 });

/** What is so of a person's courses, from now on. */
async function trainedUntil(signInName: string, ends: { system_use?: Date; confidentiality?: Date }): Promise<void> {
	const { id } = await staff(signInName);
	const courses = superuser.collection('trainings');
	for (const old of await courses.getFullList({ filter: `person = '${id}'` })) await courses.delete(old.id);
	for (const [course, end] of Object.entries(ends)) {
		const dates = { completed: '2025-01-12 10:00:00.000Z', valid_until: written(end) };
		await courses.create({ person: id, course, ...dates });
	}
}

/** Opens a session without its two factors, which have tests of their own. */
async function asPerson(page: Page, signInName: string): Promise<void> {
	const { token, id } = await here.register.pocketbase.signIn(signInName, password);
	const value = here.register.sessions.open(id, token, here.register.now());
	await page.context().addCookies([
		{
			...{ name: '__Host-session', value, url: here.origin.replace('http:', 'https:') },
			...{ secure: true, httpOnly: true, sameSite: 'Strict' }
		}
	]);
}

test('a change of roles asks for the second factor again when the last proof is older than five minutes', async ({
	browser
}) => {
	const { page } = await openPage(browser, here.origin, small);
	const { codeAt } = await enrol(page, 'maintainer');
	const agent = await staff('agent');
	const cookie = async () => (await page.context().cookies()).find(({ name }) => name === '__Host-session')?.value;

	// Fresh from the sign-in nothing more is asked for.
	await page.goto(`/console/people/${agent.id}/change`);
	await expect(heading(page)).toContainText('Aapo Aarnisalo');
	await page.getByLabel('Tarkastaja').check();

	// The form that was left open is not believed either.
	here.clock.aheadMs = 5 * minute + 30_000;
	const before = await cookie();
	await page.getByRole('button', { name: 'Tallenna' }).click();
	await expect(heading(page)).toHaveText('Vahvista, että se olet sinä');
	expect((await staff('agent'))['roles']).toEqual(['agent']);
	await page.getByLabel('Sovelluksen koodi tai varakoodi').fill('000000');
	await page.keyboard.press('Enter');
	await expect(page.getByRole('alert')).toContainText('Koodi ei täsmää');
	await accessible(page);

	await page.getByLabel('Sovelluksen koodi tai varakoodi').fill(codeAt(here.register.now().getTime()));
	await page.keyboard.press('Enter');
	await expect(heading(page)).toContainText('Aapo Aarnisalo');
	// Whoever copied the old secret has nothing.
	expect(await cookie()).not.toBe(before);
	expect(here.register.sessions.find(before, here.register.now())).toBeUndefined();
	await page.getByLabel('Tarkastaja').check();
	await page.getByRole('button', { name: 'Tallenna' }).click();
	await expect(page).toHaveURL(`/console/people/${agent.id}`);
	expect((await staff('agent'))['roles']).toEqual(['agent', 'auditor']);
	const lines = await here.register.accessLog.read({ limit: 3, where: { actor: (await staff('maintainer')).id } });
	expect(lines.map(({ action, outcome, reason }) => [action, outcome, reason])).toEqual([
		['give_role', 'done', 'auditor'],
		['step_up', 'done', undefined],
		['step_up', 'refused', 'second_factor_wrong']
	]);
	await page.context().close();
});

test('a list of people is checked first: the bad row is named by line and reason, and the rest goes in', async ({
	browser
}) => {
	const { page, mustBeQuiet } = await openPage(browser, here.origin, small);
	await asPerson(page, 'maintainer');
	await page.goto('/console/people');
	await page.getByRole('link', { name: 'Tuo luettelo' }).click();
	const list = [
		'sign_in_name;name;roles;team;supervises;offices',
		'maija.meikalainen;Maija Meikäläinen;agent;Pakettineuvonta;;',
		'matti.meikalainen;Matti Meikäläinen;agent|kuningas;Pakettineuvonta;;',
		'agent;Aapo Aarnisalo;agent;;;',
		'liisa.lumi;Liisa Lumi;contact_person;;;Keskustan toimipiste'
	].join('\n');
	const file = { name: 'people.csv', mimeType: 'text/csv', buffer: Buffer.from(list) };
	await page.getByLabel('Tiedosto').setInputFiles(file);
	await page.getByRole('button', { name: 'Tarkista vain' }).click();

	await expect(page.getByRole('heading', { name: 'Tarkistettu, mitään ei ole muutettu' })).toBeVisible();
	await expect(page.getByRole('status')).toHaveText('Uusia: 2. Jo täällä: 1. Virheellisiä rivejä: 1.');
	const bad = page.getByRole('row').filter({ hasText: 'tuntematon rooli' });
	await expect(bad.getByRole('cell')).toHaveText(['3', 'roles', 'tuntematon rooli']);
	await expect(staff('maija.meikalainen')).rejects.toThrow();
	await accessible(page);

	await page.getByRole('button', { name: 'Tuo nämä (2)' }).press('Enter');
	await expect(page.getByRole('heading', { name: 'Tuotu', exact: true })).toBeVisible();
	await accessible(page);
	const added = page.getByRole('row').filter({ hasText: 'Maija Meikäläinen' });
	const oneTime = (await added.getByRole('cell').last().textContent()) ?? '';
	expect((await staff('liisa.lumi'))['roles']).toEqual(['contact_person']);
	await expect(staff('matti.meikalainen')).rejects.toThrow();
	mustBeQuiet();

	// What is shown once opens once, and the person then chooses their own.
	const other = (await openPage(browser, here.origin, small)).page;
	await other.goto('/console/sign-in');
	await other.getByLabel('Käyttäjätunnus').fill('maija.meikalainen');
	await other.getByLabel('Salasana').fill(oneTime);
	await other.keyboard.press('Enter');
	await expect(heading(other)).toContainText('salasana');
	await Promise.all([page.context().close(), other.context().close()]);
});

test('an expired or missing course closes the register, and the page tells which and who helps', async ({
	browser
}) => {
	const { page } = await openPage(browser, here.origin, small);
	const inAYear = new Date(Date.now() + 365 * day);
	await asPerson(page, 'agent');
	for (const [ends, told] of [
		[{ system_use: new Date(Date.now() - minute), confidentiality: inAYear }, ['Vanhentunut', 'Voimassa']],
		[{ system_use: inAYear }, ['Voimassa', 'Puuttuu']]
	] as const) {
		await trainedUntil('agent', ends);
		for (const address of ['/console/recordings', '/console/recordings/r00000000000000']) {
			expect((await page.goto(address))?.status()).toBe(403);
			await expect(heading(page)).toHaveText('Koulutuksesi ei ole kunnossa');
			await expect(page.getByRole('term')).toHaveText(['Järjestelmän käyttö', 'Salassapito ja asiakastiedot']);
			await expect(page.getByRole('definition')).toHaveText([...told]);
			await expect(page.getByText('esimiehesi tai ylläpitäjä kirjaa sen')).toBeVisible();
		}
		await accessible(page);
	}
	// A page that stands open finds the gate too.
	await trainedUntil('agent', { system_use: inAYear, confidentiality: inAYear });
	await page.goto('/console/recordings');
	await trainedUntil('agent', {});
	await page.getByRole('button', { name: 'Hae' }).click();
	await expect(heading(page)).toHaveText('Koulutuksesi ei ole kunnossa');
	await expect(page.getByRole('definition')).toHaveText(['Puuttuu', 'Puuttuu']);
	await page.context().close();
});

test('a course that ends is told 30 and 7 days before, and on its last day', async ({ browser }) => {
	const { page } = await openPage(browser, here.origin, small);
	await asPerson(page, 'supervisor');
	const warning = page.getByText('Koulutuksesi päättyy');
	for (const [days, told] of [
		[30.5, undefined],
		[29.5, 'Koulutuksesi päättyy 29 päivän kuluttua.'],
		[6.5, 'Koulutuksesi päättyy 6 päivän kuluttua.'],
		[1.5, 'Koulutuksesi päättyy huomenna.'],
		[0.5, 'Koulutuksesi päättyy tänään.']
	] as const) {
		const end = new Date(Date.now() + days * day);
		await trainedUntil('supervisor', { system_use: end, confidentiality: new Date(Date.now() + 200 * day) });
		await page.goto('/console');
		if (told) await expect(warning).toContainText(told);
		else await expect(warning).toHaveCount(0);
	}
	await accessible(page);
	await picture(page, 'fi-last-day');
	await page.context().close();
});

test('a board that lives keeps no session awake by itself', async ({ browser }) => {
	const { page } = await openPage(browser, here.origin, small);
	await asPerson(page, 'maintainer');
	const listening = page.waitForResponse((answer) => answer.url().endsWith('/console/kiosks/news'));
	await page.goto('/console/kiosks');
	expect((await listening).status()).toBe(200);
	const { id } = await staff('maintainer');
	const seen = () => here.register.sessions.of(id, here.register.now())[0]?.seen.getTime();
	const before = seen();
	here.clock.aheadMs = minute;
	const looked = page.waitForResponse((answer) => answer.url().includes('__data.json'));
	here.register.news.tell({ kiosk: 'k00000000000000' });
	expect((await looked).status()).toBe(200);
	expect(seen()).toBe(before);
	// The next press of a person does.
	await page.getByRole('navigation').getByRole('link', { name: 'Tiimit' }).click();
	await expect(heading(page)).toHaveText('Tiimit');
	expect(seen()).toBeGreaterThan(before ?? 0);
	await page.context().close();
});

test('every page of people keeps nobody out, by keyboard too, in three languages and on two sizes of screen', async ({
	browser
}) => {
	test.setTimeout(600_000);
	const agent = await staff('agent');
	const { id: office } = await superuser.collection('offices').getFirstListItem('');
	await trainedUntil('agent', { system_use: new Date(Date.now() + 5 * day), confidentiality: new Date() });
	const addresses = {
		home: '/console',
		people: '/console/people',
		person: `/console/people/${agent.id}`,
		change: `/console/people/${agent.id}/change`,
		newcomer: '/console/people/new',
		import: '/console/people/import',
		teams: '/console/teams',
		training: '/console/training',
		record: `/console/training/${agent.id}`,
		offices: '/console/offices',
		office: `/console/offices/${office}`,
		account: '/console/account',
		confirm: '/console/confirm'
	};
	for (const [language, label, size] of [
		['fi', 'Suomi', small],
		['sv', 'Svenska', large],
		['en', 'English', small]
	] as const) {
		const { page, mustBeQuiet } = await openPage(browser, here.origin, size);
		await page.goto('/console/sign-in');
		await page.getByRole('button', { name: label }).click();
		await accessible(page);
		if (language === 'fi') await byKeyboard(page);
		await picture(page, `${language}-sign-in`);
		await asPerson(page, 'everything');
		for (const [name, address] of Object.entries(addresses)) {
			await page.goto(address);
			if (language !== 'en') await accessible(page);
			// The order of a page does not depend on its language.
			if (language === 'fi') await byKeyboard(page);
			await fits(page);
			await picture(page, `${language}-${name}`);
		}
		mustBeQuiet();
		await page.context().close();
	}
});
