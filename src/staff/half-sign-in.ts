import { hash, randomBytes } from 'node:crypto';
import { allowedBackMs } from '#clock.ts';
import type { Device } from './session.ts';

const lifeMs = 10 * 60_000;

/** Somebody whose name and password were right, and who has not shown the rest yet. */
export interface HalfSignIn {
	readonly person: string;
	readonly signInName: string;
	readonly password: string;
	token: string;
	readonly device: Device;
	readonly ends: Date;
	/** The password was given by somebody else: they choose their own first. */
	mustChoosePassword: boolean;
	/** What they are taking into use. */
	readonly offered: string;
}

/** The sign-ins that are under way, by the hash of their secret; in memory only, ten minutes at most. They open nothing. */
export class HalfSignIns {
	readonly #bySecret = new Map<string, HalfSignIn>();

	begin(half: Omit<HalfSignIn, 'ends'>, now: Date): string {
		for (const [key, { ends }] of this.#bySecret) if (ends <= now) this.#bySecret.delete(key);
		const secret = randomBytes(32).toString('base64url');
		this.#bySecret.set(hash('sha256', secret), { ...half, ends: new Date(now.getTime() + lifeMs) });
		return secret;
	}

	find(secret: string | undefined, now: Date): HalfSignIn | undefined {
		const half = secret === undefined ? undefined : this.#bySecret.get(hash('sha256', secret));
		if (!half || half.ends <= now) return undefined;
		// Begun by a clock that was ahead.
		return half.ends.getTime() - now.getTime() > lifeMs + allowedBackMs ? undefined : half;
	}

	end(secret: string | undefined): void {
		if (secret !== undefined) this.#bySecret.delete(hash('sha256', secret));
	}
}
