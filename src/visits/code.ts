import { createHash, randomBytes } from 'node:crypto';
import { codeAlphabet, folded } from './code-alphabet.ts';

const tokenLength = 26; // 130 bits, of which 128 are random
const codeLength = 8;

/** What an invitation carries: the QR code's token, and the code to type, as printed. Neither is stored. */
export interface Codes {
	/** 128 random bits as 26 capital letters and figures: a small QR code. */
	token: string;
	/** Eight characters and a check character, `XXXX-XXXX-X`. */
	code: string;
}

/** New codes from the system's random source. */
export function newCodes(): Codes {
	const bits = BigInt(`0x${randomBytes(16).toString('hex')}`);
	const token = Array.from({ length: tokenLength }, (_, place) => letter(Number((bits >> BigInt(5 * place)) & 31n)));
	const letters = [...randomBytes(codeLength)].map((byte) => letter(byte & 31)).join('');
	return { token: token.join(''), code: `${letters.slice(0, 4)}-${letters.slice(4)}-${check(letters)}` };
}

/** Which of the two a visitor showed, and its SHA-256 (hexadecimal); undefined when it is neither. */
export function recognised(typed: string): { kind: 'token' | 'code'; hash: string } | undefined {
	const text = folded(typed);
	if ([...text].some((one) => !codeAlphabet.includes(one))) return undefined;
	if (text.length === tokenLength) return { kind: 'token', hash: hashOf(text) };
	if (text.length !== codeLength + 1) return undefined;
	const letters = text.slice(0, codeLength);
	return check(letters) === text[codeLength] ? { kind: 'code', hash: hashOf(text) } : undefined;
}

function hashOf(text: string): string {
	return createHash('sha256').update(text).digest('hex');
}

function letter(index: number): string {
	return codeAlphabet[index] ?? '';
}

/** A check character in GF(32) that notices every single wrong character and every two that were swapped. */
function check(letters: string): string {
	let sum = 0;
	for (const one of letters) sum = doubled(sum ^ codeAlphabet.indexOf(one));
	return letter(sum);
}

// Times x in GF(2^5), modulo x^5 + x^2 + 1.
function doubled(value: number): number {
	const shifted = value << 1;
	return shifted & 32 ? (shifted ^ 0b100101) & 31 : shifted;
}
