import type { Direction, Line } from '#recordings/recording.ts';
import { shortDay, time } from '#ui/language.svelte.ts';
import { m } from '#ui/words/compiled/messages.js';

const directions: Record<Direction, () => string> = { received: m.register_received, made: m.register_made };
const lines: Record<Line, () => string> = {
	customer_service: m.register_customer_service,
	telesales: m.register_telesales
};

export function directionWords(direction: Direction): string {
	return directions[direction]();
}

export function lineWords(line: Line): string {
	return lines[line]();
}

/** When a call was answered, as short as it can be said. */
export function momentWords(at: Date): string {
	return `${shortDay(at)} ${time(at)}`;
}
