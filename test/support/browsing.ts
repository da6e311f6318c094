import { expect, type Browser, type ConsoleMessage, type Page } from '@playwright/test';
import { password } from './people.ts';

/** A page on which an unexpected console error, a CSP violation or a request to elsewhere fails the test. */
export async function openPage(
	browser: Browser,
	origin: string,
	viewport: { width: number; height: number }
): Promise<{ page: Page; mustBeQuiet: () => void }> {
	const context = await browser.newContext({ viewport, baseURL: origin, locale: 'fi-FI' });
	const page = await context.newPage();
	const noise: string[] = [];
	page.on('console', (message: ConsoleMessage) => {
		if (message.type() === 'error') noise.push(`console: ${message.text()}`);
	});
	page.on('pageerror', (fault) => noise.push(`error: ${fault.message}`));
	page.on('request', (request) => {
		const url = new URL(request.url());
		if (url.origin !== origin && url.protocol !== 'data:') noise.push(`elsewhere: ${url.origin}`);
	});
	return { page, mustBeQuiet: () => expect(noise).toEqual([]) };
}

/** Signs a person in on the console. */
export async function signIn(page: Page, name: string): Promise<void> {
	await page.goto('/console/sign-in');
	await page.getByLabel('Käyttäjätunnus').fill(name);
	await page.getByLabel('Salasana').fill(password);
	await page.getByRole('button', { name: 'Kirjaudu sisään' }).click();
	await expect(page.getByRole('heading', { level: 1 })).toContainText('Hei');
}

/** Lets the page be listened to: `level` gives the loudest sample that goes out now, 0 for silence. */
export async function listenTo(page: Page): Promise<{ level: () => Promise<number> }> {
	await page.addInitScript(() => {
		const play = HTMLMediaElement.prototype.play;
		const heard = new Map<HTMLMediaElement, AnalyserNode>();
		HTMLMediaElement.prototype.play = function () {
			if (!heard.has(this)) {
				const context = new AudioContext();
				const analyser = context.createAnalyser();
				context.createMediaElementSource(this).connect(analyser).connect(context.destination);
				heard.set(this, analyser);
			}
			return play.call(this);
		};
		Object.assign(window, {
			level() {
				const loudest = [...heard.values()].map((analyser) => {
					const samples = new Float32Array(analyser.fftSize);
					analyser.getFloatTimeDomainData(samples);
					return Math.max(...samples.map(Math.abs));
				});
				return Math.max(0, ...loudest);
			}
		});
	});
	return { level: () => page.evaluate(() => (window as unknown as { level: () => number }).level()) };
}
