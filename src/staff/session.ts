import { createHash, randomBytes } from 'node:crypto';

const idleMs = 10 * 60_000;
const longestMs = 10 * 3600_000;

/** A signed-in person's session. PocketBase's token stays here, on the server. */
export interface Session {
	readonly person: string;
	readonly token: string;
	readonly began: Date;
	/** The last request; the session ends ten minutes after it. */
	seen: Date;
}

/**
 * The sessions of this process, by the SHA-256 of their secret, in memory only: after a restart everybody signs in
 * again, and no copy of a folder holds a session.
 */
export class Sessions {
	readonly #bySecret = new Map<string, Session>();

	/** Opens one and gives its secret: 256 bits, for a `__Host-` cookie. */
	open(person: string, token: string, now: Date): string {
		const secret = randomBytes(32).toString('base64url');
		this.#bySecret.set(hashed(secret), { person, token, began: now, seen: now });
		return secret;
	}

	/** The session behind a secret, unless it is idle for ten minutes or ten hours old. Asking for a page keeps it awake. */
	find(secret: string | undefined, now: Date, { awake = true } = {}): Session | undefined {
		if (!secret) return undefined;
		const session = this.#bySecret.get(hashed(secret));
		if (!session) return undefined;
		if (now.getTime() - session.seen.getTime() > idleMs || now.getTime() - session.began.getTime() > longestMs) {
			this.#bySecret.delete(hashed(secret));
			return undefined;
		}
		if (awake) session.seen = now;
		return session;
	}

	end(secret: string | undefined): void {
		if (secret) this.#bySecret.delete(hashed(secret));
	}

	/** Ends all of one person's sessions. */
	endAll(person: string): void {
		for (const [key, session] of this.#bySecret) if (session.person === person) this.#bySecret.delete(key);
	}
}

// Looked up by hash, so the time that a look-up takes says nothing about a secret.
function hashed(secret: string): string {
	return createHash('sha256').update(secret).digest('base64url');
}
