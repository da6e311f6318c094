import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { written } from '#pocketbase/collection.ts';
import { openKeys } from '#register.server.ts';
import { readSettings } from '#settings.ts';
import { people, type Person } from '#staff/person.ts';
import { call, day, hour } from '../core/retention/scene.ts';
import { openPage, signIn } from '../support/browsing.ts';
import { calls, exportOf } from '../support/calls.ts';
import { accessible, fits, large, picture, small, speak } from '../support/looking.ts';
import { furnish } from '../support/people.ts';
import { serve, type Serving } from '../support/serving.ts';

// What went in, what is kept longer, and what is gone: as the maintainer, the contact person and the auditor see it.

let serving: Serving;
let destroyedDay: string;
test.beforeAll(async () => {
	serving = await serve(furnish);
	const folder = await exportOf(calls);
	await writeFile(path.join(folder, 'other.wav'), 'no sound');
	await serving.command('import', folder);
	await rm(folder, { recursive: true });
	const superuser = await serving.superuser();
	const ago = (ms: number): string => written(new Date(Date.now() - ms));
	const counts = { total: 8200, imported: 3110, known: 12, past: 4, rejected: 9 };
	const reasons = { audio_cut_off: 4, unknown_employee: 3, audio_tags: 1, customer_number: 1 };
	const runs = superuser.collection('intake_runs');
	await runs.create({ began: ago(hour), seen: ago(0), state: 'running', watching: true, reasons, ...counts });
	await runs.create({ began: ago(26 * hour), seen: ago(25 * hour), state: 'running', ...counts });
	await runs.create({ began: ago(50 * hour), seen: ago(50 * hour), state: 'failed', reason: 'database', total: 30 });

	const keyring = await openKeys(readSettings({ ...process.env, ...serving.environment }));
	const ground = { superuser, register: { keyring } };
	const [agent, contact, auditor] = await Promise.all(
		['agent', 'contact', 'auditor'].map(async (name): Promise<Person> => {
			const found = await people(superuser).first({ filter: 'sign_in_name = {:name}', params: { name } });
			if (!found) throw new Error('the register is not furnished');
			return found;
		})
	);
	if (!agent || !contact || !auditor) throw new Error('the register is not furnished');
	for (let count = 0; count < 7; count++) await call(ground, agent, new Date(Date.now() - (200 + count / 3) * day));
	for (const [ground_, until, confirmed] of [
		['legal_claim', 200, auditor.id],
		['restriction', 0.9, ''],
		['authority', 3, auditor.id]
	] as const) {
		const { id } = await call(ground, agent, new Date(Date.now() - 100 * day));
		await superuser.collection('holds').create({
			recording: id,
			ground: ground_,
			placed: ago(hour),
			placed_by: contact.id,
			until: written(new Date(Date.now() + until * day)),
			asked_until: written(new Date(Date.now() + 200 * day)),
			confirmed_by: confirmed
		});
	}
	expect((await serving.command('sweep', '--yes-destroy', '7')).out).toMatch(/^7 recordings destroyed/);
	const [destroyed] = await superuser.collection('destruction_days').getFullList();
	destroyedDay = destroyed?.['day'];
});
test.afterAll(() => serving.remove());

for (const [language, size] of [
	['fi', small],
	['sv', large],
	['en', small]
] as const) {
	test(`the pages of intake and retention keep nobody out, and fit the screen and the paper: ${language}`, async ({
		browser
	}) => {
		for (const [who, pages] of [
			['maintainer', { intake: '/console/intake' }],
			['contact', { holds: '/console/holds' }],
			[
				'auditor',
				{
					'holds-second': '/console/holds',
					destructions: '/console/destructions',
					certificate: `/console/destructions/${destroyedDay}`
				}
			]
		] as const) {
			const { page, mustBeQuiet } = await openPage(browser, serving.origin, size);
			await signIn(page, who);
			await speak(page, language);
			for (const [name, address] of Object.entries(pages)) {
				expect((await page.goto(address))?.status(), address).toBe(200);
				await expect(page.locator('html')).toHaveAttribute('lang', language);
				await (language === 'fi' ? accessible : fits)(page);
				await picture(page, `${language}-${name}`);
			}
			if (who === 'auditor') {
				const folder = process.env['KUUNTELUPISTE_PICTURES'];
				const pdf = await page.pdf({
					preferCSSPageSize: true,
					...(folder ? { path: `${folder}/${language}.pdf` } : {})
				});
				expect(pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)).toHaveLength(1);
			}
			mustBeQuiet();
			await page.context().close();
		}
	});
}

test('by keys alone a hold is put, and a certificate is reached and left', async ({ browser }) => {
	const { page } = await openPage(browser, serving.origin, small);
	const superuser = await serving.superuser();
	const [free] = await superuser.collection('recordings').getFullList({ filter: "held_until = ''" });
	await signIn(page, 'contact');
	await page.goto('/console/holds');
	// From the first place on the page, as somebody without a mouse.
	const reach = async (name: string | RegExp, role: 'textbox' | 'link' | 'button' | 'combobox'): Promise<void> => {
		const wanted = page.getByRole(role, { name }).first();
		for (let presses = 0; presses < 60; presses++) {
			await page.keyboard.press('Tab');
			if (await wanted.evaluate((one) => one === document.activeElement)) break;
		}
		await expect(wanted).toBeFocused();
		// Whoever cannot see where they are is lost.
		const shown = await wanted.evaluate((one) => {
			const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(one);
			return (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none';
		});
		expect(shown).toBe(true);
	};
	await reach('Tallenteen tunniste', 'textbox');
	await page.keyboard.type(free?.id ?? '');
	await reach('Peruste', 'combobox');
	await page.keyboard.press('ArrowDown');
	await page.keyboard.press('Tab');
	// A day whose number is its month's, since a browser takes them in the order of its own language.
	const year = new Date().getFullYear();
	const days = Array.from({ length: 24 }, (_, month) => new Date(year, month, (month % 12) + 1));
	const last = days.find((one) => one.getTime() > Date.now() + 2 * day) ?? new Date();
	const twice = String(last.getDate()).padStart(2, '0').repeat(2);
	await page.keyboard.type(`${twice}${last.getFullYear()}`);
	await reach('Keskeytä hävittäminen', 'button');
	await page.keyboard.press('Enter');
	await expect(page.getByRole('status')).toContainText('Hävittäminen on keskeytetty');

	await page.goto('/console/destructions');
	const date = new Date(`${destroyedDay}T12:00:00Z`);
	await reach(new RegExp(`^${date.getUTCDate()}\\.${date.getUTCMonth() + 1}\\.${date.getUTCFullYear()}`), 'link');
	await page.keyboard.press('Enter');
	await expect(page.getByRole('heading', { level: 1 })).toHaveText('Hävittämistodistus');
	await reach('Hävitetyt tallenteet', 'link');
	await page.keyboard.press('Enter');
	await expect(page.getByRole('heading', { level: 1 })).toHaveText('Hävitetyt tallenteet');
});
