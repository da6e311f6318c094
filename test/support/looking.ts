import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

/** The sizes that a console must fit: the smallest of a laptop, and a usual screen. */
export const small = { width: 1366, height: 768 };
export const large = { width: 1920, height: 1080 };

/** Nothing keeps anybody out (axe finds no violation), and nothing is wider than the screen. */
export async function accessible(page: Page): Promise<void> {
	const { violations } = await new AxeBuilder({ page }).analyze();
	expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
	await fits(page);
}

/** Nothing is wider than the screen. */
export async function fits(page: Page): Promise<void> {
	expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
}

/** From now on the console speaks this language in this browser. */
export async function speak(page: Page, language: 'fi' | 'sv' | 'en'): Promise<void> {
	await page.context().addCookies([
		{
			name: '__Host-language',
			value: language,
			url: new URL(page.url()).origin.replace('http:', 'https:'),
			secure: true,
			sameSite: 'Strict'
		}
	]);
}

/** For whoever wants to look: names a folder in KUUNTELUPISTE_PICTURES. */
export async function picture(page: Page, name: string): Promise<void> {
	const folder = process.env['KUUNTELUPISTE_PICTURES'];
	if (folder) await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
}
