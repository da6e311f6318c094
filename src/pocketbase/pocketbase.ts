import PocketBase, { BaseAuthStore, type RecordModel } from 'pocketbase';
import * as v from 'valibot';
import { Failure } from '#failures.ts';
import { Turns } from '#turns.ts';
import { asFailure } from './answers.ts';
import { collection } from './collection.ts';

/** Speaks to PocketBase as one person or one service; one for a request or a service, never shared between people. */
export type Client = PocketBase;
/** The service accounts, each with rules that name exactly what it may touch. */
export type Service = 'web' | 'intake' | 'retention';

const Known = v.object({ id: v.string() });

/** What the domain holds of PocketBase: never a superuser. */
export interface Pocketbase {
	readonly url: string;
	/** This process's own service account. */
	readonly service: Client;
	/** The signed-in person, by the token that their sign-in gave. */
	as(token: string): Client;
	/** Checks name and password; refuses with `refused: wrong_credentials`, after the same work whatever was wrong. */
	signIn(signInName: string, password: string): Promise<{ token: string; id: string }>;
}

/** Signs in as one service account and stays signed in. Of all that it and its people change, each row has its turns. */
export async function openPocketbase(url: string, name: Service, password: string): Promise<Pocketbase> {
	const rows = new Turns();
	const service = newClient(url);
	const signIn = (): Promise<unknown> =>
		newClient(url)
			.collection('services')
			.authWithPassword(name, password)
			.then(({ token, record }) => service.authStore.save(token, record));
	await signIn().catch(asFailure);
	service.beforeSend = async (address, options) => {
		// PocketBase's tokens end by themselves; a service outlives them.
		if (!service.authStore.isValid || endsWithin(service.authStore.token, 3600)) await signIn();
		options.headers = { ...options.headers, Authorization: service.authStore.token };
		return { url: address, options: { ...options, fetch: inTurn(rows) } };
	};
	return {
		url,
		service,
		as(token) {
			const client = newClient(url);
			client.authStore.save(token);
			client.beforeSend = (address, options) => ({ url: address, options: { ...options, fetch: inTurn(rows) } });
			return client;
		},
		async signIn(signInName, password) {
			// For a name that nobody has PocketBase would answer at once, and tell so by that: then it checks the password
			// against an account of another kind, which is the same work, and the answer is no.
			const question = { filter: 'sign_in_name = {:name}', params: { name: signInName }, fields: 'id' };
			const known = await collection(service, 'staff', Known).first(question);
			if (!known) {
				await newClient(url)
					.collection('services')
					.authWithPassword(name, password)
					.catch(() => undefined);
				throw new Failure('refused', 'wrong_credentials');
			}
			const { token, record } = await newClient(url)
				.collection('staff')
				.authWithPassword<RecordModel>(signInName, password)
				.catch((error) => asFailure(error, 'wrong_credentials'));
			return { token, id: record.id };
		}
	};
}

/** A client that is nobody yet. */
export function newClient(url: string): Client {
	const client = new PocketBase(url, new BaseAuthStore()).autoCancellation(false);
	client.beforeSend = (address, options) => ({ url: address, options: { ...options, fetch: patient } });
	return client;
}

// A question that gets no answer must not wait for ever: it fails, and with it whatever wanted to go on. Every page asks
// first who is there, so that nobody looks at an empty screen for ten seconds; a change may have to wait for another's.
const patient: typeof fetch = (address, options) => {
	const ms = options?.body instanceof FormData ? 120_000 : (options?.method ?? 'GET') === 'GET' ? 7_000 : 15_000;
	return fetch(address, { ...options, signal: AbortSignal.timeout(ms) });
};

// PocketBase reads a row, changes it and writes it back whole: of two changes at once, one would be lost.
function inTurn(rows: Turns): typeof fetch {
	return (address, options) => {
		if (options?.method !== 'PATCH') return patient(address, options);
		return rows.take(new URL(String(address)).pathname, () => patient(address, options));
	};
}

function endsWithin(token: string, seconds: number): boolean {
	const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString() || '{}');
	const end = claims && typeof claims === 'object' && 'exp' in claims ? Number(claims.exp) : 0;
	return end - Date.now() / 1000 < seconds;
}
