import { expect, type Browser, type BrowserContext, type ConsoleMessage, type Page } from '@playwright/test';
import { password } from './people.ts';

/**
 * A page on which an unexpected console error, a CSP violation or a request to elsewhere fails the test; `unless` names
 * those that were to be.
 */
export async function openPage(
	browser: Browser,
	origin: string,
	viewport: { width: number; height: number }
): Promise<{ page: Page; mustBeQuiet: (unless?: RegExp) => void }> {
	const context = await browser.newContext({ viewport, baseURL: origin, locale: 'fi-FI' });
	const page = aliveAfterGoing(await context.newPage());
	const noise: string[] = [];
	page.on('console', (message: ConsoleMessage) => {
		if (message.type() === 'error') noise.push(`console: ${message.text()}`);
	});
	page.on('pageerror', (fault) => noise.push(`error: ${fault.message}`));
	page.on('request', (request) => {
		const url = new URL(request.url());
		if (url.origin !== origin && url.protocol !== 'data:') noise.push(`elsewhere: ${url.origin}`);
	});
	return { page, mustBeQuiet: (unless) => expect(noise.filter((one) => !unless?.test(one))).toEqual([]) };
}

/**
 * Going somewhere takes until the page is alive, and not only drawn: coming to life sets fields to what they were drawn
 * with, so what was typed before is lost. Where no page of ours comes it takes no longer than a moment.
 */
function aliveAfterGoing(page: Page): Page {
	const go = page.goto.bind(page);
	page.goto = async (address, options) => {
		const answer = await go(address, options);
		if (answer?.headers()['content-type']?.startsWith('text/html')) {
			const alive = page.waitForSelector('html[data-alive]', { state: 'attached', timeout: 5000 });
			await alive.catch(() => undefined);
		}
		return answer;
	};
	return page;
}

/** Signs a person in on the console. */
export async function signIn(page: Page, name: string): Promise<void> {
	await page.goto('/console/sign-in');
	await page.getByLabel('Käyttäjätunnus').fill(name);
	await page.getByLabel('Salasana').fill(password);
	await page.getByRole('button', { name: 'Kirjaudu sisään' }).click();
	await expect(page.getByRole('heading', { level: 1 })).toContainText('Hei');
}

/** Makes a browser the kiosk whose device secret this is. */
export async function becomeKiosk(context: BrowserContext, origin: string, secret: string): Promise<void> {
	await context.addCookies([
		{
			name: '__Host-kiosk',
			value: secret,
			url: origin.replace('http:', 'https:'),
			secure: true,
			httpOnly: true,
			sameSite: 'Strict'
		}
	]);
}
