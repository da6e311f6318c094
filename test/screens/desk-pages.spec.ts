import { expect, test, type Locator, type Page } from '@playwright/test';
import { aBusyDesk, type AtTheDesk } from '../support/at-the-desk.ts';
import { openPage, signIn } from '../support/browsing.ts';
import { accessible, fits, large, picture, small, speak } from '../support/looking.ts';
import { furnish } from '../support/people.ts';
import { serve, type Serving } from '../support/serving.ts';

// Every page of the desk, with a busy desk's requests in it, in three languages and on two sizes of screen.

let serving: Serving;
let desk: AtTheDesk;
test.beforeAll(async () => {
	serving = await serve(furnish);
	desk = await aBusyDesk(serving);
});
test.afterAll(() => serving.remove());

const pagesOf = ({ booked, ...at }: AtTheDesk): Record<string, string> => ({
	list: '/console/requests',
	closed: '/console/requests?show=closed',
	new: '/console/requests/new',
	vague: `/console/requests/${at.vague}`,
	matched: `/console/requests/${at.matched}`,
	booked: `/console/requests/${booked}`,
	move: `/console/requests/${booked}?move`,
	stuck: `/console/requests/${at.stuck}`,
	extended: `/console/requests/${at.extended}`,
	ended: `/console/requests/${at.refused}`,
	day: `/console/calendar?office=${at.always}&day=${at.day}`,
	hours: `/console/calendar?office=${at.office}&day=${at.day}`,
	week: `/console/calendar/week?day=${at.day}`,
	invitation: `/console/appointments/${at.appointment}/invitation`
});

/** A letter, and on how many pages it is printed: an answer that ends the request brings the information with it. */
const lettersOf = (at: AtTheDesk): [kind: string, request: string, pages: number][] => [
	['receipt', at.vague, 1],
	['extension', at.extended, 1],
	['information', at.booked, 1],
	['nothing_found', at.nothingFound, 2],
	['destroyed_before_receipt', at.destroyed, 2],
	['refused', at.refused, 2]
];

for (const [language, size] of [
	['fi', small],
	['sv', large],
	['en', small]
] as const) {
	test(`the pages and letters of the desk keep nobody out, and fit the screen and the paper: ${language}`, async ({
		browser
	}) => {
		const { page, mustBeQuiet } = await openPage(browser, serving.origin, size);
		await signIn(page, 'contact');
		await speak(page, language);
		// What keeps people out is the same in every language, and on pages of the same parts; what does not fit is not.
		const alike = ['move', 'stuck', 'extended', 'hours', 'receipt', 'extension', 'nothing_found', 'refused'];
		const look = (name: string) => (language === 'fi' && !alike.includes(name) ? accessible(page) : fits(page));
		for (const [name, address] of Object.entries(pagesOf(desk))) {
			expect((await page.goto(address))?.status(), address).toBe(200);
			await expect(page.locator('html')).toHaveAttribute('lang', language);
			await unfold(page);
			await look(name);
			await picture(page, `${language}-${name}`);
		}
		for (const [kind, request, pages] of lettersOf(desk)) {
			await page.goto(`/console/requests/${request}/letters/${kind}?language=${language}`);
			await look(kind);
			const folder = process.env['KUUNTELUPISTE_PICTURES'];
			const pdf = await page.pdf({
				preferCSSPageSize: true,
				...(folder ? { path: `${folder}/${language}-${kind}.pdf` } : {})
			});
			expect(pdf.toString('latin1').match(/\/Type\s*\/Page\b/g), kind).toHaveLength(pages);
		}
		mustBeQuiet();
		await page.context().close();
	});
}

test('a maintainer writes an office’s hours down, in three languages', async ({ browser }) => {
	const { page, mustBeQuiet } = await openPage(browser, serving.origin, small);
	await signIn(page, 'maintainer');
	for (const language of ['fi', 'sv', 'en'] as const) {
		await speak(page, language);
		for (const [name, address] of [
			['offices', '/console/offices'],
			['office', `/console/offices/${desk.office}`]
		] as const) {
			await page.goto(address);
			await (language === 'fi' ? accessible : fits)(page);
			await picture(page, `${language}-${name}`);
		}
	}
	mustBeQuiet();
	await page.context().close();
});

test('by keys alone a request is taken in, its call bound, an hour booked, the invitation made, and found in the calendar', async ({
	browser
}) => {
	const { page, mustBeQuiet } = await openPage(browser, serving.origin, small);
	await signIn(page, 'contact');
	await page.goto('/console/requests');
	await press(page, page.getByRole('link', { name: 'Uusi pyyntö' }));
	await tabTo(page, page.getByLabel('Asiakkaan nimi'));
	await page.keyboard.type('Näppäimin Nieminen');
	await press(page, page.getByRole('button', { name: 'Ota vastaan' }));
	await expect(page.getByRole('heading', { level: 1 })).toHaveText('Näppäimin Nieminen');

	await page.goto(`/console/requests/${desk.remembered}`);
	await press(page, page.getByRole('button', { name: 'Hae', exact: true }));
	const candidate = page
		.getByRole('row')
		.filter({ has: page.getByRole('combobox') })
		.first();
	await tabTo(page, candidate.getByRole('combobox'));
	await page.keyboard.press('ArrowDown');
	await press(page, candidate.getByRole('button', { name: 'Liitä', exact: true }));
	await expect(page.getByRole('button', { name: 'Irrota' })).toBeVisible();
	await press(page, page.locator('section#time button.whole').first());
	await press(page, page.getByRole('button', { name: 'Tee kutsu' }));
	await expect(page.getByRole('article')).toBeVisible();
	await tabTo(page, page.getByRole('button', { name: 'Tulosta' }));

	await page.goto(`/console/calendar?office=${desk.always}&day=${desk.day}`);
	await tabTo(page, page.getByRole('table').getByRole('link').first());
	await press(page, page.getByRole('link', { name: 'Seuraava päivä' }));
	await expect(page).not.toHaveURL(new RegExp(`day=${desk.day}`));
	await press(page, page.getByRole('link', { name: 'Yhteyshenkilön viikko' }));
	await expect(page.getByLabel('Viikko, jolla on päivä')).toBeVisible();
	mustBeQuiet();
	await page.context().close();
});

/** Goes there by Tab, as often as it takes to go round the whole page once. */
async function tabTo(page: Page, there: Locator): Promise<void> {
	await expect(there).toBeVisible();
	for (let count = 0; count < 150; count++) {
		if (await there.evaluate((element) => element === document.activeElement)) return;
		await page.keyboard.press('Tab');
	}
	throw new Error(`no Tab leads to ${there}`);
}

async function press(page: Page, there: Locator): Promise<void> {
	await tabTo(page, there);
	await page.keyboard.press('Enter');
}

/** What is folded away counts too. */
async function unfold(page: Page): Promise<void> {
	await page.evaluate(() => {
		for (const part of document.querySelectorAll('details')) part.open = true;
	});
}
