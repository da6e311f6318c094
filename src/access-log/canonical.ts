import { hash } from 'node:crypto';

/** What stands before the first entry. */
export const nothing = '0'.repeat(64);

/** The canonical form (RFC 8785; only objects, strings and whole numbers occur): keys sorted, no white space. */
export function canonical(value: object): string {
	const pairs = Object.entries(value).filter(([, one]) => one !== undefined);
	pairs.sort(([a], [b]) => (a < b ? -1 : 1));
	const form = (one: unknown): string => (typeof one === 'object' && one ? canonical(one) : JSON.stringify(one));
	return `{${pairs.map(([key, one]) => `${JSON.stringify(key)}:${form(one)}`).join(',')}}`;
}

/** SHA-256 over a canonical form, in hexadecimal. */
export function hashOf(text: string): string {
	return hash('sha256', text, 'hex');
}
