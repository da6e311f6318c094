import { createHash, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';

// Signed notes as C2SP describes them (c2sp.org/signed-note): text, a blank line, a signature line.

/** The name of the log and of its keys. */
export const origin = 'kuuntelupiste/access-log';
const ed25519 = 1;

/** A text, which ends with a line's end, as a signed note. */
export function signNote(text: string, key: KeyObject): string {
	const signature = Buffer.concat([keyId(rawPublic(createPublicKey(key))), sign(null, Buffer.from(text), key)]);
	return `${text}\n— ${origin} ${signature.toString('base64')}\n`;
}

/** The text of a signed note; undefined when it is malformed or not signed by this key. */
export function openNote(note: string, verifierKey: string): string | undefined {
	const [, text = '', signer, signature = ''] = /^((?:[^\n]+\n)+)\n— ([^\n ]+) ([A-Za-z0-9+/=]+)\n$/.exec(note) ?? [];
	const key = readVerifierKey(verifierKey);
	const bytes = Buffer.from(signature, 'base64');
	if (!key || signer !== origin || bytes.length !== 68 || bytes.toString('base64') !== signature) return undefined;
	const ours = bytes.subarray(0, 4).equals(key.id) && verify(null, Buffer.from(text), key.key, bytes.subarray(4));
	return ours ? text : undefined;
}

/** The public key in the note format's own form: name, key id, key. */
export function verifierKeyOf(privateKey: KeyObject): string {
	const raw = rawPublic(createPublicKey(privateKey));
	const typed = Buffer.concat([Buffer.from([ed25519]), raw]);
	return `${origin}+${keyId(raw).toString('hex')}+${typed.toString('base64')}`;
}

/** A public key in the note format's own form, read; undefined when it is none of this log's name and kind. */
export function readVerifierKey(text: string): { id: Buffer; key: KeyObject } | undefined {
	const [name, id = '', typed = ''] = text.trim().split(/\+(?=[0-9a-f]{8}\+)|(?<=\+[0-9a-f]{8})\+/);
	const bytes = Buffer.from(typed, 'base64');
	if (name !== origin || bytes.length !== 33 || bytes[0] !== ed25519) return undefined;
	const raw = bytes.subarray(1);
	if (!keyId(raw).equals(Buffer.from(id, 'hex'))) return undefined;
	const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: raw.toString('base64url') }, format: 'jwk' });
	return { id: keyId(raw), key };
}

function rawPublic(key: KeyObject): Buffer {
	return Buffer.from(key.export({ format: 'jwk' }).x ?? '', 'base64url');
}

function keyId(raw: Buffer): Buffer {
	return createHash('sha256')
		.update(`${origin}\n`)
		.update(Buffer.from([ed25519]))
		.update(raw)
		.digest()
		.subarray(0, 4);
}
