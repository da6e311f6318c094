import { hash, randomBytes } from 'node:crypto';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { Failure } from '#failures.ts';

const quarterHour = 15 * 60;
const most = { pair: 10, account: 30, address: 100, known: 10, stepUp: 5 };
const browsersOfOne = 10;

/** Who tries to sign in, from where. */
export interface Trying {
	name: string;
	address: string;
	/** The secret by which a browser is known that this person has signed in from before. */
	browser: string | undefined;
}

/**
 * Limits on wrong sign-ins, in a quarter of an hour; they pass by themselves, however often somebody tries meanwhile. Ten
 * for an account from one address, thirty for an account from everywhere, a hundred wrong ones from one address. A browser
 * from which the person has signed in before has ten tries of its own, which nobody else can use up: so a stranger can
 * keep a person out of a browser that is new to them, and of no other. In memory only.
 */
export class SignInLimits {
	readonly #pair = limiter(most.pair);
	readonly #account = limiter(most.account);
	readonly #address = limiter(most.address);
	readonly #known = limiter(most.known);
	readonly #stepUp = limiter(most.stepUp);
	/** The hashes of known browsers, by name, the oldest first. */
	readonly #browsers = new Map<string, Set<string>>();

	/** Counts a try. Refuses with `refused: too_many_tries` when it is one too many. */
	async allow(trying: Trying): Promise<void> {
		const { name, address } = trying;
		if (this.#knows(trying)) return take(this.#known, keyOf(trying));
		const wrong = await this.#address.get(address);
		if (wrong && wrong.consumedPoints >= most.address) throw new Failure('refused', 'too_many_tries');
		await take(this.#pair, `${name} ${address}`);
		await take(this.#account, name);
	}

	/** The try was wrong. */
	async wrong(trying: Trying): Promise<void> {
		if (!this.#knows(trying)) await this.#address.penalty(trying.address);
	}

	/** The try was right: it does not count. */
	async right(trying: Trying): Promise<void> {
		if (this.#knows(trying)) await this.#known.delete(keyOf(trying));
		await this.#pair.delete(`${trying.name} ${trying.address}`);
		await this.#account.reward(trying.name);
	}

	/** Counts a second proof of one whose password was right: five wrong ones in a quarter of an hour. */
	async allowProof(person: string): Promise<void> {
		await take(this.#stepUp, person);
	}

	async rightProof(person: string): Promise<void> {
		await this.#stepUp.delete(person);
	}

	/** Makes a browser known to a person who has signed in from it; gives the secret for its cookie. */
	remember(name: string): string {
		const secret = randomBytes(32).toString('base64url');
		const known = this.#browsers.get(name) ?? new Set();
		known.add(hash('sha256', secret));
		for (const oldest of known) if (known.size > browsersOfOne) known.delete(oldest);
		this.#browsers.set(name, known);
		return secret;
	}

	knows(name: string, browser: string | undefined): boolean {
		return this.#knows({ name, browser, address: '' });
	}

	#knows({ name, browser }: Trying): boolean {
		return browser !== undefined && (this.#browsers.get(name)?.has(hash('sha256', browser)) ?? false);
	}
}

function limiter(points: number): RateLimiterMemory {
	return new RateLimiterMemory({ points, duration: quarterHour });
}

async function take(from: RateLimiterMemory, key: string): Promise<void> {
	await from.consume(key).catch(() => {
		throw new Failure('refused', 'too_many_tries');
	});
}

const keyOf = ({ name, browser = '' }: Trying): string => `${name} ${hash('sha256', browser)}`;
