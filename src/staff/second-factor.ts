import { hash, randomInt } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import QRCode from 'qrcode';
import * as v from 'valibot';
import { Failure, isFailure } from '#failures.ts';
import type { Register } from '#register.server.ts';

const periodSeconds = 30;
const recoveryCodes = 10;
// No look-alikes; 16 of them are 78 bits, so a plain hash is enough: nobody tries them all.
const alphabet = '23456789ABCDEFGHJKMNPQRSTVWXYZ';

// Kept in the keyring, encrypted under the master key: neither PocketBase nor its backups hold a secret or a hash.
const Kept = v.object({
	secret: v.string(),
	/** The last time step whose code was taken: no code opens twice (RFC 6238 § 5.2). */
	lastStep: v.number(),
	/** SHA-256 of the recovery codes that are left. */
	recovery: v.array(v.string())
});
type Kept = v.InferOutput<typeof Kept>;

/** What an authenticator app is to take up, for one who enrols. */
export interface Offer {
	/** 160 bits, in base32, to type where no camera is. */
	readonly secret: string;
	/** The QR code as one SVG path, a module a unit, and its size. */
	readonly qr: { readonly path: string; readonly size: number };
}

/** A new secret of an authenticator app; 160 bits. */
export function newSecret(): string {
	return new Secret({ size: 20 }).base32;
}

/** How a secret is shown to its person. */
export function offer(secret: string, signInName: string): Offer {
	const { modules } = QRCode.create(totp(secret, signInName).toString(), { errorCorrectionLevel: 'M' });
	const { size, data } = modules;
	const dark = Array.from(data.keys()).filter((index) => data[index]);
	const path = dark.map((index) => `M${index % size} ${Math.floor(index / size)}h1v1h-1z`).join('');
	return { secret, qr: { path, size } };
}

/** Whether a person has a second factor. */
export async function isEnrolled(register: Register, person: string): Promise<boolean> {
	return (await read(register, person)) !== undefined;
}

/** How many recovery codes a person has left. */
export async function recoveryLeft(register: Register, person: string): Promise<number> {
	return (await read(register, person))?.recovery.length ?? 0;
}

/**
 * Takes a second factor into use, once the app has shown a right code of it, and gives the recovery codes, which are
 * shown once. Refuses with `invalid: second_factor_code`, or `conflict: already_enrolled` when there is one.
 */
export async function enrol(register: Register, person: string, secret: string, code: string): Promise<string[]> {
	return inTurn(register, person, async () => {
		if (await read(register, person)) throw new Failure('conflict', 'already_enrolled');
		const lastStep = stepOf(secret, code, register.now());
		if (lastStep === undefined) throw new Failure('invalid', 'second_factor_code', { field: 'code' });
		await register.accessLog.append(line(person, 'enrol_second_factor'));
		return keepWithCodes(register, person, { secret, lastStep });
	});
}

/** Makes new recovery codes and voids the old ones. */
export async function renewRecovery(register: Register, person: string): Promise<string[]> {
	return inTurn(register, person, async () => {
		const kept = await read(register, person);
		if (!kept) throw new Failure('missing', 'not_enrolled');
		await register.accessLog.append(line(person, 'renew_recovery_codes'));
		return keepWithCodes(register, person, kept);
	});
}

/**
 * Checks a code of the app, or a recovery code, which is used up by it. Refuses with `refused`: `second_factor_wrong`,
 * or `second_factor_replayed` for a code that was taken before.
 */
export async function prove(register: Register, person: string, typed: string): Promise<void> {
	await inTurn(register, person, async () => {
		const kept = await read(register, person);
		if (!kept) throw new Failure('refused', 'second_factor_wrong');
		const plain = typed.toUpperCase().replaceAll(/[^0-9A-Z]/g, '');
		if (/^\d{6}$/.test(plain)) {
			const step = stepOf(kept.secret, plain, register.now());
			if (step === undefined) throw new Failure('refused', 'second_factor_wrong');
			if (step <= kept.lastStep) throw new Failure('refused', 'second_factor_replayed');
			return keep(register, person, { ...kept, lastStep: step });
		}
		const used = hashed(plain);
		if (!kept.recovery.includes(used)) throw new Failure('refused', 'second_factor_wrong');
		await register.accessLog.append(line(person, 'use_recovery_code'));
		await keep(register, person, { ...kept, recovery: kept.recovery.filter((one) => one !== used) });
	});
}

/** Takes a person's second factor away; at the next sign-in they take a new one into use. The caller has logged it. */
export async function forget(register: Register, person: string): Promise<void> {
	await inTurn(register, person, () => register.keyring.removeSecret(nameOf(person)));
}

/** The step of the clock whose code this is: now, or one before or after; undefined for a wrong one. */
function stepOf(secret: string, code: string, now: Date): number | undefined {
	const token = code.replaceAll(/\D/g, '');
	const delta = totp(secret, '').validate({ token, timestamp: now.getTime(), window: 1 });
	return delta === null ? undefined : Math.floor(now.getTime() / 1000 / periodSeconds) + delta;
}

// SHA-1, six digits and thirty seconds are what every authenticator app can do.
function totp(secret: string, label: string): TOTP {
	return new TOTP({ issuer: 'Kuuntelupiste', label, period: periodSeconds, secret: Secret.fromBase32(secret) });
}

async function keepWithCodes(register: Register, person: string, kept: Omit<Kept, 'recovery'>): Promise<string[]> {
	const letters = (): string => Array.from({ length: 16 }, () => alphabet[randomInt(alphabet.length)]).join('');
	const codes = Array.from({ length: recoveryCodes }, letters);
	await keep(register, person, { ...kept, recovery: codes.map(hashed) });
	return codes.map((code) => code.replaceAll(/(.{4})(?=.)/g, '$1-'));
}

async function read({ keyring }: Register, person: string): Promise<Kept | undefined> {
	const text = await keyring.readSecret(nameOf(person)).catch((fault: unknown) => {
		if (isFailure(fault) && fault.kind === 'missing') return undefined;
		throw fault;
	});
	return text === undefined ? undefined : v.parse(Kept, JSON.parse(text));
}

async function keep({ keyring }: Register, person: string, kept: Kept): Promise<void> {
	await keyring.writeSecret(nameOf(person), JSON.stringify(kept));
}

function inTurn<T>(register: Register, person: string, work: () => Promise<T>): Promise<T> {
	return register.turns.take(nameOf(person), work);
}

const nameOf = (person: string): string => `second-factor-${person}`;
const hashed = (code: string): string => hash('sha256', code);

function line(person: string, action: 'enrol_second_factor' | 'renew_recovery_codes' | 'use_recovery_code') {
	return { action, actor: person, role: 'unknown', outcome: 'done' } as const;
}
