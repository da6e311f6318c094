import type { Entry } from '#access-log/entry.ts';
import type { Circumstances, StopReason } from './breaker.ts';
import type { Step } from './steps.ts';

/** How a sweep ended. */
export interface Swept {
	/** Set when it stopped before it had begun, with what an operator must know to let it go on. */
	stopped?: { why: StopReason; due: number; usual: number | undefined };
	/** Recordings whose destruction is certified. */
	recordings: number;
	/** Keys that are gone. */
	keys: number;
	/** Held recordings that were sealed anew. */
	resealed: number;
	/** Holds whose time was over. */
	holdsEnded: number;
	/** How late the latest of the recordings was, in seconds. */
	latestSeconds: number;
}

/** How a sweep begins. */
export function nothingSwept(): Swept {
	return { recordings: 0, keys: 0, resealed: 0, holdsEnded: 0, latestSeconds: 0 };
}

/** What a sweep is told besides the register. */
export interface Orders extends Pick<Circumstances, 'agreed' | 'driftMs' | 'silenceMs'> {
	/** Aborted when the server stops: the sweep ends after the recording in hand, and the next one goes on. */
	signal?: AbortSignal | undefined;
	/** Called after each step; the tests kill the process there. */
	reached?: ((step: Step) => void) | undefined;
}

/** A sweep under way: what it was told, and how far it is. */
export interface Sweeping {
	readonly signal: AbortSignal | undefined;
	readonly reached: (step: Step) => void;
	readonly swept: Swept;
}

/** A line of the access log about what retention does by itself. */
export function line(more: Omit<Entry, 'role' | 'purpose' | 'outcome'> & Partial<Pick<Entry, 'outcome'>>): Entry {
	return { role: 'system', purpose: 'retention', outcome: 'done', ...more };
}
