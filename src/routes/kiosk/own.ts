const signs = ['pointerdown', 'keydown', 'wheel', 'input'] as const;
const mediaKeys: MediaSessionAction[] = [
	'play',
	'pause',
	'stop',
	'seekbackward',
	'seekforward',
	'seekto',
	'previoustrack',
	'nexttrack'
];
/** With the control key: print, save, open, find, source, zoom. */
const shortcuts = new Set(['p', 's', 'o', 'f', 'u', '+', '-', '=', '0']);

/**
 * Makes the browser's page a kiosk's screen until the returned function is called: no menu, no dragging, no zoom, no
 * printing or saving, and media keys do nothing. `alive` is called whenever somebody touches or types.
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
			if ((event.ctrlKey || event.metaKey) && shortcuts.has(event.key.toLowerCase())) event.preventDefault();
		},
		{ signal }
	);
	// A handler that does nothing, for without one the browser does something.
	const session = navigator.mediaSession;
	for (const action of mediaKeys) session?.setActionHandler(action, () => undefined);
	return () => {
		over.abort();
		for (const action of mediaKeys) session?.setActionHandler(action, null);
	};
}
