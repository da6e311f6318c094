// The letters and figures of codes: 32 that are not taken for one another when read aloud or typed
// (Crockford's base 32: no I, L, O, U). Free of Node, so that the kiosk's keyboard can show them.
export const codeAlphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** A typed or scanned code in its one form: upper case, no separators, look-alikes folded. */
export function folded(typed: string): string {
	return typed
		.toUpperCase()
		.replaceAll(/[\s\-–—_.]/g, '')
		.replaceAll('O', '0')
		.replaceAll(/[IL]/g, '1')
		.replaceAll('U', 'V');
}
