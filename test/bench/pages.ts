import { chromium, expect, type Browser, type Page } from '@playwright/test';
import playwright from '../../playwright.config.ts';
import { atTheKiosk, takeInCalls } from '../support/at-the-kiosk.ts';
import { openPage, signIn } from '../support/browsing.ts';
import { multiplyRequests } from '../support/many-requests.ts';
import { furnish } from '../support/people.ts';
import * as plant from '../support/plant.ts';
import { serve } from '../support/serving.ts';
import { addDesks, ask, signInDesks } from './pages/desks.ts';
import { largestMs, pressMs, watch, type Spent } from './pages/seen.ts';
import { at, median, rounded, tell } from './whole/figure.ts';

// What a person waits for: the largest content of each screen and the answer to a press, in a Chromium whose processor
// is six times slower; and how long the server takes for a page that twenty people ask for at once, beside an empty one.
// `npm run bench -- pages [rounds] [people] [requests]`

const [rounds = 9, people = 20, total = 5000] = process.argv.slice(2).map(Number);
const slowdown = 6;
const aims = { screenMs: 1500, pressMs: 100 };

const serving = await serve(async (superuser) => {
	await furnish(superuser);
	await addDesks(superuser, people, ['contact_person', 'agent', 'supervisor', 'maintainer', 'auditor']);
});
const browser = await chromium.launch(playwright.use?.launchOptions);
try {
	const calls = await takeInCalls(serving);
	const superuser = await serving.superuser();
	const contact = await superuser.collection('staff').getFirstListItem("sign_in_name = 'contact'");
	multiplyRequests(serving.data, (await plant.request({ superuser }, contact.id)).id, total);
	await answers(contact.id);
	await screens(browser, calls);
} finally {
	await browser.close();
	await serving.remove();
}

async function answers(contact: string): Promise<void> {
	const superuser = await serving.superuser();
	const [office] = await superuser.collection('offices').getFullList();
	const kiosks: string[] = [];
	for (let one = 0; one < people; one++) {
		const { secret } = await plant.kiosk({ superuser }, office?.id ?? '', contact);
		kiosks.push(`__Host-kiosk=${secret}`);
	}
	const desks = await signInDesks(serving, people);
	const empty = '/console/confirm';
	const pages: [string, string[]][] = [
		['/kiosk', kiosks],
		['/console', desks],
		['/console/requests', desks],
		['/console/requests?show=closed', desks],
		['/console/today', desks],
		['/console/calendar', desks],
		['/console/recordings', desks],
		['/console/log', desks],
		['/console/log/odd', desks],
		['/console/destructions', desks],
		['/console/people', desks]
	];
	await ask(`${serving.origin}${empty}`, desks, 10);
	const rows: Record<string, Record<string, number>> = {};
	for (const [page, cookies] of pages) {
		await ask(`${serving.origin}${page}`, cookies, 2);
		const [bare, took] = [
			await ask(`${serving.origin}${empty}`, desks, rounds),
			await ask(`${serving.origin}${page}`, cookies, rounds)
		];
		const figure = median(took) / median(bare);
		rows[page] = {
			asked: took.length,
			'p50, ms': rounded(median(took)),
			'p99, ms': rounded(at(took, 0.99)),
			'empty page p50, ms': rounded(median(bare)),
			'ratio of p50': rounded(figure)
		};
		tell({ what: `${page} for ${people} people at once, beside an empty page`, figure });
	}
	console.log(`The server's answer, ${people} people at once, ${total} requests`);
	console.table(rows);
}

async function screens(browser: Browser, calls: string[]): Promise<void> {
	const rows: Record<string, Record<string, number>> = {};
	const note = (screen: string, painted: number[], presses: { ms: number; spent: Spent }[]): void => {
		const pressed = presses.map(({ ms }) => ms);
		rows[screen] = { 'largest content, ms': median(painted), most: Math.max(...painted) };
		Object.assign(rows[screen], { 'a press, ms': median(pressed), 'most of these': Math.max(...pressed) });
		for (const part of ['script', 'style', 'layout'] as const) {
			const all = presses.map(({ spent }) => spent[part]);
			Object.assign(rows[screen], { [`${part} until quiet, ms`]: Math.round(median(all)) });
		}
		tell(
			{ what: `${screen}, largest content`, figure: median(painted), unit: 'ms', most: aims.screenMs },
			{ what: `${screen}, a press`, figure: median(pressed), unit: 'ms', most: aims.pressMs }
		);
	};

	const at = await atTheKiosk(browser, serving, calls);
	const { page } = at;
	const devtools = await watch(page, slowdown);
	const button = (name: string) => () => page.getByRole('button', { name, exact: true }).first().click();
	const drawn = () => expect(page.locator('h1:focus')).toBeVisible();
	const kiosk: [screen: string, state: string | undefined, press: () => Promise<void>][] = [
		['welcome', undefined, button('Kirjoita koodi')],
		['waiting', 'waiting', button('Suuri teksti')],
		['notice', 'notice', button('Jatka')],
		['headset', 'headset', button('Soita koeääni')],
		['list', 'list', () => page.getByRole('listitem').getByRole('button').last().click()],
		['player', 'player', button('Kuuntele')],
		['leaving', 'leaving', button('Takaisin')]
	];
	for (const [screen, state, press] of kiosk) {
		if (state === 'waiting') {
			await page.goto('/kiosk');
			await drawn();
			await page.keyboard.type(at.code);
			await page.keyboard.press('Enter');
			await expect.poll(() => at.visit()).toBeTruthy();
		}
		const [painted, pressed]: [number[], { ms: number; spent: Spent }[]] = [[], []];
		for (let round = 0; round < Math.ceil(rounds / 2); round++) {
			if (state && state !== 'waiting') await at.release(state);
			if (state === 'player') await at.set({ playing: calls[0] });
			painted.push(await largestMs(page, '/kiosk', drawn));
			pressed.push(await pressMs(page, press, devtools));
		}
		note(`kiosk: ${screen}`, painted, pressed);
	}
	await page.context().close();

	const console_ = await openPage(browser, serving.origin, { width: 1280, height: 800 });
	await signIn(console_.page, 'desk0');
	const itsTools = await watch(console_.page, slowdown);
	const tables: [screen: string, address: string, press: (page: Page) => Promise<void>][] = [
		['console: requests', '/console/requests', (page) => page.locator('.pages a').last().click()],
		['console: a request typed', '/console/requests/new', (page) => page.locator('main input').first().press('A')],
		['console: log', '/console/log', (page) => page.locator('summary').first().click()]
	];
	for (const [screen, address, press] of tables) {
		const [painted, pressed]: [number[], { ms: number; spent: Spent }[]] = [[], []];
		for (let round = 0; round < Math.ceil(rounds / 2); round++) {
			const there = () => expect(console_.page.locator('h1')).toBeVisible();
			painted.push(await largestMs(console_.page, address, there));
			pressed.push(await pressMs(console_.page, () => press(console_.page), itsTools));
		}
		note(screen, painted, pressed);
	}
	await console_.page.context().close();
	console.log(`Chromium at ${slowdown} × slow-down; the medians and the most of ${Math.ceil(rounds / 2)} rounds`);
	console.table(rows);
}
