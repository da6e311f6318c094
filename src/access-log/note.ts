import { createHash, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';

// Signed notes as C2SP describes them (c2sp.org/signed-note, c2sp.org/tlog-checkpoint): text, a blank line, signatures.

/** The name of the log and of its key. */
export const origin = 'kuuntelupiste/access-log';
const ed25519 = 1;

/** What a checkpoint says: so many entries, the last of which has this hash, at this time. */
export interface Checkpoint {
	size: number;
	/** Hexadecimal. */
	hash: string;
	/** UTC, ISO 8601. */
	at: string;
}

/** A checkpoint as signed text. */
export function signNote({ size, hash, at }: Checkpoint, key: KeyObject): string {
	const text = `${origin}\n${size}\n${Buffer.from(hash, 'hex').toString('base64')}\nat ${at}\n`;
	const signature = Buffer.concat([keyId(rawPublic(createPublicKey(key))), sign(null, Buffer.from(text), key)]);
	return `${text}\n— ${origin} ${signature.toString('base64')}\n`;
}

/** Reads a signed checkpoint; undefined when it is malformed or not signed by this key. */
export function openNote(note: string, verifierKey: string): Checkpoint | undefined {
	const found =
		/^([^\n]+)\n(\d{1,15})\n([A-Za-z0-9+/=]{44})\nat ([0-9TZ:.-]{24})\n\n— ([^\n ]+) ([A-Za-z0-9+/=]+)\n$/.exec(note);
	const key = readVerifierKey(verifierKey);
	if (!found || !key) return undefined;
	const [, name, size = '', hash = '', at = '', signer, signature = ''] = found;
	if (name !== origin || signer !== origin) return undefined;
	const bytes = Buffer.from(signature, 'base64');
	const text = note.slice(0, note.indexOf('\n\n') + 1);
	if (bytes.length !== 68 || bytes.toString('base64') !== signature || !bytes.subarray(0, 4).equals(key.id))
		return undefined;
	if (!verify(null, Buffer.from(text), key.key, bytes.subarray(4))) return undefined;
	return { size: Number(size), hash: Buffer.from(hash, 'base64').toString('hex'), at };
}

/** The public key in the note format's own form: name, key id, key. */
export function verifierKeyOf(privateKey: KeyObject): string {
	const raw = rawPublic(createPublicKey(privateKey));
	const typed = Buffer.concat([Buffer.from([ed25519]), raw]);
	return `${origin}+${keyId(raw).toString('hex')}+${typed.toString('base64')}`;
}

function readVerifierKey(text: string): { id: Buffer; key: KeyObject } | undefined {
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
