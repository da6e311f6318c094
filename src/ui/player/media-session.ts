const keys: MediaSessionAction[] = [
	'play',
	'pause',
	'stop',
	'seekbackward',
	'seekforward',
	'seekto',
	'previoustrack',
	'nexttrack'
];

/**
 * Media keys do nothing and the browser's media panel has nothing to tell, until the returned function is called. A
 * handler that does nothing, for without one the browser does something.
 */
export function quieten(): () => void {
	const session = navigator.mediaSession;
	for (const key of keys) session?.setActionHandler(key, () => undefined);
	if (session) session.metadata = null;
	return () => {
		for (const key of keys) session?.setActionHandler(key, null);
	};
}
