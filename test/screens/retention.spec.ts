import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { people } from '#staff/person.ts';
import { openKeys } from '#register.server.ts';
import { readSettings } from '#settings.ts';
import { call, day } from '../core/retention/scene.ts';
import { openPage, signIn } from '../support/browsing.ts';
import { furnish } from '../support/people.ts';
import { serve, type Serving } from '../support/serving.ts';

// What is kept longer and what is gone, as a contact person and an auditor see it; without script too.

let serving: Serving;
let held: string;
test.beforeAll(async () => {
	serving = await serve(furnish);
	const superuser = await serving.superuser();
	const keyring = await openKeys(readSettings({ ...process.env, ...serving.environment }));
	const agent = await people(superuser).first({ filter: "sign_in_name = 'agent'" });
	if (!agent) throw new Error('the register is not furnished');
	const ground = { superuser, register: { keyring } };
	for (let count = 0; count < 4; count++) await call(ground, agent, new Date(Date.now() - 200 * day));
	({ id: held } = await call(ground, agent, new Date(Date.now() - 100 * day)));
});
test.afterAll(() => serving.remove());

test('a contact person puts a recording on hold, an auditor is the second person', async ({ browser }) => {
	const { page } = await openPage(browser, serving.origin, { width: 1366, height: 768 });
	await signIn(page, 'contact');
	await page.getByRole('navigation').getByRole('link', { name: 'Keskeytykset' }).click();
	await expect(page.getByText('Yhtään tallennetta ei ole keskeytetty.')).toBeVisible();
	const place = async (recording: string) => {
		await page.getByLabel('Tallenteen tunniste').fill(recording);
		await page.getByLabel('Peruste').selectOption('Oikeusvaade');
		await page.getByLabel('Viimeinen päivä').fill(new Date(Date.now() + 200 * day).toISOString().slice(0, 10));
		await page.getByRole('button', { name: 'Keskeytä hävittäminen' }).click();
	};
	await place('nothing00000000');
	await expect(page.getByRole('alert')).toContainText('Tällä tunnisteella ei ole tallennetta.');
	await place(held);
	await expect(page.getByRole('status')).toContainText('Toisen henkilön on vahvistettava');
	const row = page.getByRole('row').filter({ hasText: held });
	await expect(row).toContainText('Odottaa toista henkilöä');
	await expect(row.getByRole('button', { name: 'Vahvista' })).toHaveCount(0);
	expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);

	const other = await browser.newContext({ javaScriptEnabled: false, baseURL: serving.origin, locale: 'fi-FI' });
	const auditor = await other.newPage();
	await signIn(auditor, 'auditor');
	await auditor.goto('/console/holds');
	await expect(auditor.getByRole('button', { name: 'Keskeytä hävittäminen' })).toHaveCount(0);
	await auditor.getByRole('button', { name: 'Vahvista' }).click();
	await expect(auditor.getByRole('row').filter({ hasText: held })).toContainText('Voimassa');
	await other.close();
});

test('what the server destroyed has a certificate for the day and a figure of how late it was', async ({ browser }) => {
	expect((await serving.command('sweep')).code).toBe(0);
	const { page, mustBeQuiet } = await openPage(browser, serving.origin, { width: 1366, height: 768 });
	await signIn(page, 'auditor');
	await page.getByRole('navigation').getByRole('link', { name: 'Hävitetyt' }).click();
	await expect(page.getByRole('img', { name: /^Pylväät/ })).toBeVisible();
	expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
	await page.getByRole('row').nth(1).getByRole('link').click();
	await expect(page.getByRole('heading', { level: 1 })).toHaveText('Hävittämistodistus');
	await expect(page.getByText('tallenteita 4, avaimia 1')).toBeVisible();
	await expect(page.getByRole('row')).toHaveCount(2 + 5);
	expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
	mustBeQuiet();
});

test('others are refused, in the log too', async ({ browser }) => {
	const { page } = await openPage(browser, serving.origin, { width: 1366, height: 768 });
	await signIn(page, 'maintainer');
	for (const place of ['/console/holds', '/console/destructions', '/console/destructions/2026-11-24']) {
		expect((await page.goto(place))?.status()).toBe(403);
	}
});
