import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Browser, type Page } from '@playwright/test';
import { openPage } from '../support/browsing.ts';
import { furnish } from '../support/people.ts';
import { readCode, typePassword } from '../support/second-factor.ts';
import { serve, type Serving } from '../support/serving.ts';

// Signing in with a second factor, by keyboard, and a person's own sessions.

let serving: Serving;
test.beforeAll(async () => {
	serving = await serve(furnish, { KUUNTELUPISTE_SECOND_FACTOR: 'yes' });
});
test.afterAll(() => serving.remove());
test.describe.configure({ mode: 'serial' });

const small = { width: 1366, height: 768 };
const recovery = new Map<string, string[]>();

async function noViolation(page: Page): Promise<void> {
	const { violations } = await new AxeBuilder({ page })
		.withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
		.analyze();
	expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
}

/** The first sign-in of a person: takes a second factor into use from the QR code, as a phone does. */
async function enrol(page: Page, name: string): Promise<void> {
	await typePassword(page, name);
	await expect(page.getByRole('heading', { level: 1 })).toHaveText('Ota toinen tunniste käyttöön');
	const codeAt = await readCode(page);
	await page.getByLabel('Kuusinumeroinen koodi').fill('000000');
	await page.keyboard.press('Enter');
	await expect(page.getByRole('alert')).toContainText('Koodi ei täsmää');
	await noViolation(page);
	await page.getByLabel('Kuusinumeroinen koodi').fill(codeAt());
	await page.keyboard.press('Enter');
	await expect(page.getByRole('heading', { level: 1 })).toHaveText('Varakoodit');
	recovery.set(name, await page.getByRole('listitem').allTextContents());
	await noViolation(page);
	await page.getByRole('link', { name: 'Koodit ovat tallessa, jatka' }).press('Enter');
	await expect(page.getByRole('heading', { level: 1 })).toContainText('Hei');
}

async function signInWith(browser: Browser, name: string, proof: string): Promise<Page> {
	const { page } = await openPage(browser, serving.origin, small);
	await typePassword(page, name);
	await page.getByLabel('Sovelluksen koodi tai varakoodi').fill(proof);
	await page.keyboard.press('Enter');
	await expect(page.getByRole('heading', { level: 1 })).toContainText('Hei');
	return page;
}

test('a second factor is taken into use from its QR code, and a recovery code opens once', async ({ browser }) => {
	const { page } = await openPage(browser, serving.origin, small);
	await typePassword(page, 'agent');
	await expect(page.getByRole('heading', { level: 1 })).toHaveText('Ota toinen tunniste käyttöön');
	await page.goto('/console');
	await expect(page).toHaveURL(/sign-in/);
	await enrol(page, 'agent');
	expect(recovery.get('agent')).toHaveLength(10);
	const [first = '', second = ''] = recovery.get('agent') ?? [];
	await signInWith(browser, 'agent', first);
	const other = (await openPage(browser, serving.origin, small)).page;
	await typePassword(other, 'agent');
	await other.getByLabel('Sovelluksen koodi tai varakoodi').fill(first);
	await other.keyboard.press('Enter');
	await expect(other.getByRole('alert')).toContainText('Koodi ei täsmää');
	await noViolation(other);
	await other.getByLabel('Sovelluksen koodi tai varakoodi').fill(second);
	await other.keyboard.press('Enter');
	await expect(other.getByRole('heading', { level: 1 })).toContainText('Hei');
	await page.goto('/console/account');
	await expect(page.getByText('Varakoodeja jäljellä: 8')).toBeVisible();
	await noViolation(page);
});

test('a person sees their sessions and ends one from elsewhere', async ({ browser }) => {
	const [, , third = '', fourth = ''] = recovery.get('agent') ?? [];
	const [one, other] = [await signInWith(browser, 'agent', third), await signInWith(browser, 'agent', fourth)];
	await one.goto('/console/account');
	await expect(one.getByText('Tämä istunto')).toHaveCount(1);
	await one.getByRole('button', { name: 'Päätä kaikki muut istunnot' }).press('Enter');
	await expect(one.getByText('Päätetty.')).toBeVisible();
	await expect(one.getByRole('row')).toHaveCount(2);
	await other.goto('/console/account');
	await expect(other).toHaveURL(/sign-in/);
});
