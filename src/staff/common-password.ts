import common from '@zxcvbn-ts/language-common';

// What somebody who guesses tries first: the 49,000 most common passwords, and the words of this house.

const known = new Set(common.dictionary.passwords);
/** Words that a guesser would try here; a person's own sign-in name comes to them. */
export const wordsOfTheHouse = ['kuuntelupiste', 'posti', 'posten', 'salasana', 'lösenord', 'password'];
/** So many characters must be left without those words. */
const least = 8;
/** So many characters around a common password do not make another of it. */
const trimmings = 6;

/**
 * Whether a password is among the first that somebody would guess: a common one, whatever its case, with some digits or
 * signs around it, or said twice; or little more than the words of the house or the person's sign-in name. ASVS 6.2.4, 6.2.11.
 */
export function isCommon(chosen: string, signInName: string): boolean {
	const plain = chosen.toLowerCase();
	const own = [...wordsOfTheHouse, ...signInName.toLowerCase().split(/[^\p{L}\p{N}]+/u)].filter(
		(word) => word.length > 2
	);
	const rest = own.reduce((left, word) => left.replaceAll(word, ''), plain);
	if (rest !== plain && rest.length < least) return true;
	const [, once = plain] = /^(.+?)\1+$/u.exec(plain) ?? [];
	if (once.length < least && once !== plain) return true;
	const kernel = plain.replaceAll(/^[^\p{L}]+|[^\p{L}]+$/gu, '');
	return known.has(plain) || known.has(once) || (plain.length - kernel.length <= trimmings && known.has(kernel));
}
