import { Decrypter, identityToRecipient } from 'age-encryption';

// The library's own errors quote a malformed identity in full, so none of them leaves this file: a mistyped master key
// must not end up in a log.

/** What opens age files with an X25519 identity (`AGE-SECRET-KEY-1…`); nothing when the text is no identity. */
export function decrypterFor(identity: string): Decrypter | undefined {
	if (!identity.startsWith('AGE-SECRET-KEY-1')) return undefined;
	const decrypter = new Decrypter();
	try {
		decrypter.addIdentity(identity);
		return decrypter;
	} catch {
		return undefined;
	}
}

/** The recipient (`age1…`) of an identity; nothing when the text is no identity. */
export async function recipientOf(identity: string): Promise<string | undefined> {
	return decrypterFor(identity) && identityToRecipient(identity);
}

/** Whether a file did not open because it is for somebody else; the library tells that by words only. */
export function isForAnother(cause: unknown): boolean {
	return cause instanceof Error && cause.message.includes('no identity matched');
}
