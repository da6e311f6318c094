/** A page that nobody sees is not painted at all. */
const patienceMs = 50;

/** Resolves when what the page shows now has been painted: what takes a while is done after that. */
export function painted(): Promise<void> {
	return new Promise((resolve) => {
		const patience = setTimeout(resolve, patienceMs);
		requestAnimationFrame(() => {
			clearTimeout(patience);
			setTimeout(resolve);
		});
	});
}
