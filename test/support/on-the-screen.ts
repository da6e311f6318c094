import axe from 'axe-core';
import type { Page } from '@playwright/test';

const wcag = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** What axe finds against WCAG 2.2 A and AA, as `rule: element`. */
export async function axeFinds(page: Page): Promise<string[]> {
	if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source);
	return page.evaluate(async (values) => {
		const { violations } = await (window as unknown as { axe: typeof axe }).axe.run({
			runOnly: { type: 'tag', values },
			resultTypes: ['violations'],
			elementRef: false
		});
		return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`));
	}, wcag);
}

/**
 * What is wrong with the picture itself: a control smaller than a finger needs (20 mm, 25 mm to play and to end, at this
 * calibration), covered or out of sight; a text that is cut, leaves its box or lies on another; a page that is wider
 * than the screen, or, unless told that it may, longer.
 */
export function pictureFaults(
	page: Page,
	{ mmPerCssPx, scrolls = false }: { mmPerCssPx: number; scrolls?: boolean }
): Promise<string[]> {
	return page.evaluate(
		({ mmPerCssPx, scrolls }) => {
			interface Box {
				left: number;
				top: number;
				right: number;
				bottom: number;
			}
			const found: string[] = [];
			const root = document.querySelector('dialog[open]') ?? document.body;
			const screen: Box = { left: 0, top: 0, right: innerWidth, bottom: innerHeight };
			const slack = 1;

			const meet = (one: Box, other: Box): Box => ({
				left: Math.max(one.left, other.left),
				top: Math.max(one.top, other.top),
				right: Math.min(one.right, other.right),
				bottom: Math.min(one.bottom, other.bottom)
			});
			const isEmpty = ({ left, top, right, bottom }: Box, more = 0): boolean =>
				right - left <= more || bottom - top <= more;
			const isIn = (inner: Box, outer: Box): boolean =>
				inner.left >= outer.left - slack &&
				inner.right <= outer.right + slack &&
				inner.top >= outer.top - slack &&
				inner.bottom <= outer.bottom + slack;
			const isShown = (element: Element): boolean =>
				element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) &&
				!element.closest('.visually-hidden, #svelte-announcer');
			/** What is left of a box in all that scrolls or cuts around it. */
			const inSight = (element: Element, box: Box): Box => {
				let seen = meet(box, screen);
				for (let at = element.parentElement; at && at !== root.parentElement; at = at.parentElement) {
					if (getComputedStyle(at).overflowY !== 'visible') seen = meet(seen, at.getBoundingClientRect());
				}
				return seen;
			};
			const nameOf = (element: Element): string =>
				`${element.localName} "${(element.getAttribute('aria-label') ?? element.textContent ?? '').trim().replace(/\s+/g, ' ').slice(0, 40)}"`;

			for (const element of [document.documentElement, ...root.querySelectorAll('*')]) {
				if (element instanceof SVGElement || !isShown(element)) continue;
				const { overflowX, overflowY } = getComputedStyle(element);
				const cuts = element === document.documentElement || overflowX !== 'visible';
				if (cuts && element.scrollWidth > element.clientWidth + slack)
					found.push(`wider than its box: ${nameOf(element)}`);
				const long = element.scrollHeight > element.clientHeight + slack;
				if (overflowY !== 'visible' && long && !scrolls) found.push(`longer than the screen: ${nameOf(element)}`);
			}

			const controls = [...root.querySelectorAll('button, input, select, a[href]')].filter(isShown);
			for (const element of controls) {
				const box = element.getBoundingClientRect();
				const least = element.matches('.play, .end') ? 25 : 20;
				// A slider's thumb is led along; its height is what a finger must meet.
				const smaller = Math.min(box.height, box.width) * mmPerCssPx;
				if (smaller < least - 0.01) found.push(`${smaller.toFixed(1)} mm: ${nameOf(element)}`);
				const seen = inSight(element, box);
				if (
					!scrolls &&
					!isIn(box, element.matches('input[type=range]') ? { ...seen, left: box.left, right: box.right } : seen)
				) {
					found.push(`out of sight: ${nameOf(element)}`);
				}
				if (isEmpty(seen)) continue;
				const hit = document.elementFromPoint((seen.left + seen.right) / 2, (seen.top + seen.bottom) / 2);
				if (!hit || !(element.contains(hit) || hit.contains(element))) found.push(`covered: ${nameOf(element)}`);
			}
			for (const [index, one] of controls.entries()) {
				for (const other of controls.slice(index + 1)) {
					if (
						!isEmpty(
							meet(inSight(one, one.getBoundingClientRect()), inSight(other, other.getBoundingClientRect())),
							slack
						)
					) {
						found.push(`on each other: ${nameOf(one)}, ${nameOf(other)}`);
					}
				}
			}

			const texts: { node: Node; parent: Element; box: Box }[] = [];
			const walk = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
			for (let node = walk.nextNode(); node; node = walk.nextNode()) {
				const parent = node.parentElement;
				if (!node.textContent?.trim() || !parent || !isShown(parent) || parent.closest('script, style')) continue;
				const range = document.createRange();
				range.selectNodeContents(node);
				const holder = parent.closest('button') ?? blockOf(parent);
				for (const rect of range.getClientRects()) {
					if (rect.width < 1 || rect.height < 1) continue;
					// A line's box is higher than its letters.
					const air = rect.height * 0.2;
					const box = { left: rect.left, right: rect.right, top: rect.top + air, bottom: rect.bottom - air };
					if (!isIn(box, holder.getBoundingClientRect())) found.push(`leaves its box: ${nameOf(parent)}`);
					const seen = inSight(parent, box);
					if (!scrolls && !isIn(box, seen)) found.push(`cut: ${nameOf(parent)}`);
					if (!isEmpty(seen)) texts.push({ node, parent, box: seen });
				}
			}
			for (const [index, one] of texts.entries()) {
				for (const other of texts.slice(index + 1)) {
					if (one.node !== other.node && !isEmpty(meet(one.box, other.box), slack)) {
						found.push(`texts on each other: ${nameOf(one.parent)}, ${nameOf(other.parent)}`);
					}
				}
				for (const control of controls) {
					if (
						control.contains(one.parent) ||
						isEmpty(meet(one.box, inSight(control, control.getBoundingClientRect())), slack)
					)
						continue;
					found.push(`text on a control: ${nameOf(one.parent)}, ${nameOf(control)}`);
				}
			}
			return [...new Set(found)];

			function blockOf(element: Element): Element {
				let at = element;
				while (getComputedStyle(at).display.startsWith('inline') && at.parentElement) at = at.parentElement;
				return at;
			}
		},
		{ mmPerCssPx, scrolls }
	);
}
