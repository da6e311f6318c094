import { createHash } from 'node:crypto';
import type { Call } from './call.ts';

/**
 * What makes a call the same call when it is brought again: SHA-256 over its masked facts and its audio's own SHA-256.
 * Neither the customer's number nor the file's name is in it.
 */
export function sourceKey(call: Call, audioSha256: string): string {
	const facts = [
		call.answered.toISOString(),
		call.disconnected.toISOString(),
		call.direction,
		call.line,
		call.serviceNumber,
		call.customerNumberMasked,
		call.employee,
		audioSha256
	];
	return createHash('sha256').update(JSON.stringify(facts)).digest('hex');
}
