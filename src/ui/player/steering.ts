interface Place {
	/** Seconds, both. */
	position: number;
	duration: number;
}

const steps = new Map([
	['ArrowRight', 5],
	['ArrowUp', 5],
	['ArrowLeft', -5],
	['ArrowDown', -5],
	['PageUp', 10],
	['PageDown', -10],
	['Home', -Infinity],
	['End', Infinity]
]);

/** Where a key on the slider leads, in seconds of the sound; undefined for a key that leads nowhere. */
export function target(key: string, { position, duration }: Place): number | undefined {
	const step = steps.get(key);
	return step === undefined ? undefined : Math.min(duration, Math.max(0, position + step));
}

/** What a key does to a sound wherever the focus is: plays or pauses, or goes so many seconds on or back. */
export function command(key: string): 'toggle' | number | undefined {
	return commands.get(key.toLowerCase());
}
const commands = new Map<string, 'toggle' | number>([
	[' ', 'toggle'],
	['k', 'toggle'],
	['j', -10],
	['l', 10],
	['arrowleft', -5],
	['arrowright', 5]
]);
