import { expect, type Page } from '@playwright/test';

declare global {
	interface Window {
		/** What had the focus, by its number. */
		reached: number[];
	}
}

/** Fails for what can be pressed or filled in and is not reached by Tab, and for a place whose focus is not to be seen. */
export async function byKeyboard(page: Page): Promise<void> {
	const wanted = await page.evaluate(() => {
		const all = document.querySelectorAll<HTMLElement>(
			'a[href], button:not(:disabled), input:not([type=hidden], :disabled), select, textarea, summary'
		);
		// Of radio buttons with one name Tab comes to one.
		const names = new Set<string>();
		const there = [...all].filter((one) => {
			if (!one.checkVisibility({ visibilityProperty: true })) return false;
			if (!(one instanceof HTMLInputElement) || one.type !== 'radio') return true;
			return !names.has(one.name) && names.add(one.name);
		});
		there.forEach((one, place) => (one.dataset['reached'] = String(place)));
		window.reached = [];
		document.addEventListener('focusin', ({ target: one }) => {
			if (!(one instanceof HTMLElement)) return;
			const { outlineStyle, outlineWidth } = getComputedStyle(one);
			if (outlineStyle === 'none' || outlineWidth === '0px') return;
			const name = one instanceof HTMLInputElement && one.type === 'radio' ? one.name : '';
			const stands = name ? document.querySelector<HTMLElement>(`[name="${name}"][data-reached]`) : one;
			window.reached.push(Number(stands?.dataset['reached'] ?? -1));
		});
		document.body.tabIndex = -1;
		document.body.focus();
		document.body.removeAttribute('tabindex');
		return there.map(({ outerHTML }) => outerHTML);
	});
	// A date has several stops of its own.
	const dates = await page.locator('input[type=date], input[type=time]').count();
	for (let presses = 0; presses < wanted.length + dates * 4; presses++) await page.keyboard.press('Tab');
	const seen = new Set(await page.evaluate(() => window.reached));
	expect(wanted.filter((_, place) => !seen.has(place))).toEqual([]);
}
