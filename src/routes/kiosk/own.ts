import { quieten } from '#ui/player/media-session.ts';
import { keepAwake } from './awake.ts';

const signs = ['pointerdown', 'keydown', 'wheel', 'input'] as const;
/** With the control key: print, save, open, find, source, zoom. */
const shortcuts = new Set(['p', 's', 'o', 'f', 'u', '+', '-', '=', '0']);
const backAndForth = new Set(['ArrowLeft', 'ArrowRight']);

/**
 * Makes the browser's page a kiosk's screen until the returned function is called: it stays lit, and there is no menu,
 * no dragging, no zoom, no printing or saving, no going back, and media keys do nothing. What the framework left in the
 * tab's storage is taken out. `alive` is called whenever somebody touches or types.
 */
export function own(alive: () => void): () => void {
	const over = new AbortController();
	const { signal } = over;
	const refuse = (event: Event): void => event.preventDefault();
	for (const sign of signs) addEventListener(sign, alive, { signal, capture: true, passive: true });
	for (const unwanted of ['contextmenu', 'dragstart', 'gesturestart']) addEventListener(unwanted, refuse, { signal });
	addEventListener('wheel', (event) => event.ctrlKey && event.preventDefault(), { signal, passive: false });
	addEventListener(
		'keydown',
		(event) => {
			const unwanted =
				((event.ctrlKey || event.metaKey) && shortcuts.has(event.key.toLowerCase())) ||
				(event.altKey && backAndForth.has(event.key));
			if (unwanted) event.preventDefault();
		},
		{ signal }
	);
	const loud = quieten();
	sessionStorage.clear();
	const sleep = keepAwake();
	return () => {
		over.abort();
		sleep();
		loud();
	};
}
