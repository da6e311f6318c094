import { expect, test } from '@playwright/test';
import { openPage, signIn } from '../support/browsing.ts';
import { furnish } from '../support/people.ts';
import * as plant from '../support/plant.ts';
import { serve, type Serving } from '../support/serving.ts';

let serving: Serving;
test.beforeAll(async () => {
	serving = await serve(furnish);
});
test.afterAll(() => serving.remove());

test('after five wrong codes the kiosk waits, and the contact person sees why and unlocks it', async ({ browser }) => {
	const superuser = await serving.superuser();
	const [office] = await superuser.collection('offices').getFullList();
	const [maintainer] = await superuser.collection('staff').getFullList({ filter: 'roles ~ "maintainer"' });
	const { secret } = await plant.kiosk({ superuser }, office?.id ?? '', maintainer?.id ?? '');
	const kiosk = await openPage(browser, serving.origin, { width: 1080, height: 1920 });
	const url = serving.origin.replace('http:', 'https:');
	await kiosk.page
		.context()
		.addCookies([{ name: '__Host-kiosk', value: secret, url, secure: true, httpOnly: true, sameSite: 'Strict' }]);
	const desk = await openPage(browser, serving.origin, { width: 1366, height: 768 });
	await signIn(desk.page, 'contact');
	await desk.page.goto('/console/today');

	await kiosk.page.goto('/kiosk');
	await expect(kiosk.page.getByRole('heading', { level: 1 })).toContainText('Tervetuloa');
	for (let tries = 0; tries < 6; tries++) {
		await kiosk.page.keyboard.type('ABCD2345X');
		await kiosk.page.keyboard.press('Enter');
		await expect(kiosk.page.getByRole('alert')).not.toBeEmpty();
		// What a visitor is told is the same whatever was wrong, and names no reason.
		await expect(kiosk.page.getByRole('alert')).not.toContainText('tuntematon');
		if (tries < 5) await expect(desk.page.getByText(`Hylättyjä koodeja: ${tries + 1}.`)).toBeVisible();
	}
	await expect(desk.page.getByText('tuntematon koodi')).toBeVisible();
	await expect(desk.page.getByText('Kioski ei ota nyt koodeja vastaan.')).toBeVisible();
	await desk.page.getByRole('button', { name: 'Avaa kioski' }).click();
	await expect(desk.page.getByText('Kioski ei ota nyt koodeja vastaan.')).toHaveCount(0);
	desk.mustBeQuiet();
});
