import AxeBuilder from '@axe-core/playwright';
import { rename } from 'node:fs/promises';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from '@playwright/test';
import { openPage, signIn } from '../support/browsing.ts';
import { furnish } from '../support/people.ts';
import { serve, type Serving } from '../support/serving.ts';

let serving: Serving;
test.beforeAll(async () => {
	serving = await serve(furnish);
});
test.afterAll(() => serving.remove());

test('the log’s page of proof is green with the last verified checkpoint, and red with the first break', async ({
	browser
}) => {
	const { page, mustBeQuiet } = await openPage(browser, serving.origin, { width: 1366, height: 768 });
	await signIn(page, 'maintainer');
	await page.getByRole('navigation').getByRole('link', { name: 'Lokin eheys' }).click();
	await page.getByRole('button', { name: 'Tarkista nyt' }).click();
	const verdict = page.getByRole('status');
	await expect(verdict).toContainText('Loki on ehjä');
	await expect(verdict).toContainText('Viimeinen vahvistettu tarkistuspiste kattaa');
	expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
	await expect(page.getByRole('alert')).toHaveCount(0);

	const forger = new DatabaseSync(path.join(serving.data, 'access-log', 'log.db'));
	forger.exec(`UPDATE entries SET canonical = replace(canonical, '"done"', '"said"') WHERE sequence = 2`);
	forger.close();
	await page.getByRole('button', { name: 'Tarkista nyt' }).click();
	await expect(verdict).toContainText('Ketju on poikki merkinnän 2 kohdalla');
	await expect(page.getByRole('alert')).toContainText('Käyttölokin tarkistus löysi virheen');
	expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
	mustBeQuiet();
});

test('a log that cannot be written is said on top of the console, until it can be', async ({ browser }) => {
	const { page } = await openPage(browser, serving.origin, { width: 1366, height: 768 });
	await signIn(page, 'contact');
	const log = path.join(serving.data, 'access-log');
	await rename(log, `${log}-away`);
	await page.goto('/console');
	await expect(page.getByRole('alert')).toContainText('Käyttölokia ei voi kirjoittaa');
	await rename(`${log}-away`, log);
	await page.goto('/console');
	await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
	await expect(page.getByText('Käyttölokia ei voi kirjoittaa')).toHaveCount(0);
});
