/**
 * Whoever works by keyboard or switch does not lose their place: when what had the focus is taken from the page, the
 * screen's heading gets it. Until the returned function is called.
 */
export function keepFocus(root: HTMLElement): () => void {
	let last: Element | null = null;
	const over = new AbortController();
	root.addEventListener('focusin', ({ target }) => (last = target instanceof Element ? target : null), {
		signal: over.signal
	});
	const watch = new MutationObserver(() => {
		if (last && !last.isConnected && document.activeElement === document.body) {
			last = null;
			root.querySelector<HTMLElement>('dialog[open] h2, main h1')?.focus();
		}
	});
	watch.observe(root, { childList: true, subtree: true });
	return () => {
		over.abort();
		watch.disconnect();
	};
}
