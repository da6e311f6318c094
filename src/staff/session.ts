import { createHash, randomBytes } from 'node:crypto';
import { allowedBackMs } from '#clock.ts';

const idleMs = 10 * 60_000;
const longestMs = 10 * 3600_000;
const freshMs = 5 * 60_000;

/** What somebody sits at, roughly, as their browser says; for a person to know their own sessions by. */
export const devices = ['computer', 'phone', 'tablet', 'unknown'] as const;
export type Device = (typeof devices)[number];

/** A signed-in person's session. PocketBase's token stays here, on the server. */
export interface Session {
	/** By which a list names it; it opens nothing. */
	readonly id: string;
	readonly person: string;
	readonly token: string;
	readonly began: Date;
	readonly device: Device;
	/** When the person last proved who they are: at the sign-in, and at each step-up since. */
	readonly confirmed: Date;
	/** The last request of the person, or the last sign of a sound that they hear; the session ends ten minutes after it. */
	seen: Date;
}

/**
 * The sessions of this process, by the SHA-256 of their secret, in memory only: after a restart everybody signs in
 * again, and no copy of a folder holds a session.
 */
export class Sessions {
	readonly #bySecret = new Map<string, Session>();
	#ended = 0;

	/** How many times sessions were ended or got a new secret: while it stays, whoever was signed in still is. */
	get ended(): number {
		return this.#ended;
	}

	/** Opens one and gives its secret: 256 bits, for a `__Host-` cookie. */
	open(person: string, token: string, now: Date, { device = 'unknown' }: { device?: Device } = {}): string {
		return this.#keep({ id: newHandle(), person, token, device, began: now, confirmed: now, seen: now });
	}

	/** The session behind a secret, unless it is idle for ten minutes or ten hours old. Asking for a page keeps it awake. */
	find(secret: string | undefined, now: Date, { awake = true } = {}): Session | undefined {
		if (!secret) return undefined;
		const session = this.#bySecret.get(hashed(secret));
		if (!session) return undefined;
		if (isOver(session, now)) {
			this.#bySecret.delete(hashed(secret));
			return undefined;
		}
		if (awake) session.seen = now;
		return session;
	}

	/** The person has proved anew who they are: the same session goes on under a new secret, and the old one opens nothing. */
	renew(secret: string, now: Date, { token }: { token?: string } = {}): string | undefined {
		const session = this.find(secret, now);
		if (!session) return undefined;
		this.end(secret);
		return this.#keep({ ...session, token: token ?? session.token, confirmed: now });
	}

	/** One person's sessions that still go on, the newest first. */
	of(person: string, now: Date): Session[] {
		for (const [key, session] of this.#bySecret) if (isOver(session, now)) this.#bySecret.delete(key);
		return [...this.#bySecret.values()].filter((session) => session.person === person).reverse();
	}

	end(secret: string | undefined): void {
		this.#ended++;
		if (secret) this.#bySecret.delete(hashed(secret));
	}

	/** Ends one person's sessions: those whose ids are given, or all of them. */
	endOf(person: string, ids?: readonly string[]): void {
		this.#ended++;
		for (const [key, session] of this.#bySecret) {
			if (session.person === person && (ids?.includes(session.id) ?? true)) this.#bySecret.delete(key);
		}
	}

	#keep(session: Session): string {
		const secret = randomBytes(32).toString('base64url');
		this.#bySecret.set(hashed(secret), session);
		return secret;
	}
}

/** Whether the person has proved who they are within the last five minutes. */
export function isFresh({ confirmed }: Session, now: Date): boolean {
	return now.getTime() - confirmed.getTime() <= freshMs;
}

/** What a browser says that it runs on. It may lie; nothing depends on it. */
export function deviceOf(userAgent: string | null | undefined): Device {
	if (!userAgent) return 'unknown';
	if (/iPad|Tablet|Android(?!.*Mobile)/.test(userAgent)) return 'tablet';
	if (/iPhone|Mobile/.test(userAgent)) return 'phone';
	return /Windows|Macintosh|Linux|CrOS/.test(userAgent) ? 'computer' : 'unknown';
}

function isOver({ seen, began }: Session, now: Date): boolean {
	const [idle, age] = [now.getTime() - seen.getTime(), now.getTime() - began.getTime()];
	// Of a time that has not come yet: the clock was ahead, and is right again.
	const fromAhead = idle < -allowedBackMs || age < -allowedBackMs;
	return idle > idleMs || age > longestMs || fromAhead;
}

function newHandle(): string {
	return `s${randomBytes(9).toString('hex')}`;
}

// Looked up by hash, so the time that a look-up takes says nothing about a secret.
function hashed(secret: string): string {
	return createHash('sha256').update(secret).digest('base64url');
}
