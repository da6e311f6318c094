const againMs = 30_000;

/**
 * Keeps the screen from going dark until the returned function is called. What the browser takes back (the page was
 * hidden, the power was low) is asked for again; a browser that does not give it leaves the page as it is.
 */
export function keepAwake(): () => void {
	const over = new AbortController();
	let lock: WakeLockSentinel | undefined;
	let asking = false;
	const ask = async (): Promise<void> => {
		if (asking || (lock && !lock.released) || document.visibilityState !== 'visible') return;
		asking = true;
		lock = await navigator.wakeLock?.request('screen').catch(() => undefined);
		asking = false;
		if (over.signal.aborted) await lock?.release();
	};
	const again = setInterval(() => void ask(), againMs);
	document.addEventListener('visibilitychange', () => void ask(), { signal: over.signal });
	void ask();
	return () => {
		clearInterval(again);
		over.abort();
		void lock?.release();
	};
}
