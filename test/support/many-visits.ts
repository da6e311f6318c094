import { expect, type Browser, type Page } from '@playwright/test';
import { people } from '#staff/person.ts';
import { newCodes, recognised } from '#visits/code.ts';
import { release } from '#visits/verification.ts';
import { atTheKiosk } from './at-the-kiosk.ts';
import { password } from './people.ts';
import * as plant from './plant.ts';
import type { ServingHere } from './serving-by-clock.ts';

/** What a browser and the server hold after a visit, at the welcome, when all that is not used was collected. */
export interface Held {
	/** Of the renderer's JavaScript, in bytes. */
	heap: number;
	documents: number;
	/** Media elements, and ways of sound through a mixer. */
	media: number;
	/** Event lines that the server speaks into. */
	lines: number;
}

/**
 * So many visits one after the other in one browser at one kiosk, each from the code over the contact person's release
 * and some seconds of a call to the end. Gives what was held after each.
 */
export async function manyVisits(
	browser: Browser,
	serving: ServingHere,
	calls: string[],
	{ visits, told = () => undefined }: { visits: number; told?: (visit: number, held: Held) => void }
): Promise<Held[]> {
	const { register } = serving;
	const superuser = await serving.superuser();
	const { token } = await register.pocketbase.signIn('contact', password);
	const person = await people(superuser).first({ filter: "sign_in_name = 'contact'" });
	if (!person) throw new Error('the register is not furnished');
	const contact = { person, as: register.pocketbase.as(token) };
	const { page, kiosk, appointment } = await atTheKiosk(browser, serving, calls);
	const first = await superuser.collection('appointments').getOne(appointment);
	await superuser.collection('appointments').update(appointment, { state: 'cancelled' });
	const devtools = await page.context().newCDPSession(page);
	await devtools.send('Performance.enable');

	const held: Held[] = [];
	await page.goto('/kiosk');
	await expect(page.locator('h1:focus')).toBeVisible();
	for (let visit = 1; visit <= visits; visit++) {
		const codes = newCodes();
		const request = await plant.request({ superuser }, person.id, { state: 'booked', recordings: calls });
		const { id } = await plant.appointment(
			{ superuser },
			{ request: request.id, office: first['office'], kiosk, bookedBy: person.id },
			{ code_hash: recognised(codes.code)?.hash, token_hash: recognised(codes.token)?.hash }
		);
		await walk(page, codes.code, async () => {
			const [at] = await superuser.collection('visits').getFullList({ filter: `appointment = "${id}"` });
			await release(register, contact, at?.id ?? '', { document: 'passport' });
		});
		// The hour is over for the next one at the same kiosk.
		await superuser.collection('appointments').update(id, { state: 'cancelled' });

		for (let times = 0; times < 2; times++) await devtools.send('HeapProfiler.collectGarbage');
		const { usedSize } = (await devtools.send('Runtime.getHeapUsage')) as { usedSize: number };
		const { metrics } = await devtools.send('Performance.getMetrics');
		const metric = (wanted: string): number => metrics.find(({ name }) => name === wanted)?.value ?? NaN;
		const { result } = await devtools.send('Runtime.evaluate', { expression: 'HTMLMediaElement.prototype' });
		const { objects } = await devtools.send('Runtime.queryObjects', { prototypeObjectId: result.objectId ?? '' });
		const { result: count } = await devtools.send('Runtime.callFunctionOn', {
			objectId: objects.objectId ?? '',
			// The audio's and the video's own prototypes are such objects too, once somebody has named them.
			functionDeclaration: 'function () { return this.filter((one) => !Object.hasOwn(one, "constructor")).length; }'
		});
		const now: Held = {
			heap: usedSize,
			documents: metric('Documents'),
			media: Number(count.value) + metric('AudioHandlers'),
			lines: register.news.heardBy
		};
		await devtools.send('Runtime.releaseObject', { objectId: objects.objectId ?? '' });
		held.push(now);
		told(visit, now);
	}
	await page.close();
	return held;
}

/** From the code at the welcome over some seconds of a call to the end, and the welcome again. */
export async function walk(page: Page, code: string, releaseIt: () => Promise<void>): Promise<void> {
	const heading = page.getByRole('heading', { level: 1 });
	const press = (name: string) => page.getByRole('button', { name, exact: true }).click();
	await page.keyboard.type(code);
	await page.keyboard.press('Enter');
	await expect(heading).toContainText('löysimme varauksesi');
	await releaseIt();
	await press('Jatka');
	await press('Soita koeääni');
	await press('Kuulen äänen');
	await page.getByRole('listitem').getByRole('button').last().click();
	await press('Kuuntele');
	await expect.poll(async () => Number(await page.getByRole('slider').inputValue())).toBeGreaterThan(0.5);
	await press('Lopeta');
	await expect(heading).toContainText('Tervetuloa');
	await expect(page.locator('h1:focus')).toBeVisible();
}
