import { InvalidArgumentError } from 'commander';

/** Reads an option that is a count. */
export function wholeNumber(given: string): number {
	if (!/^\d{1,9}$/.test(given)) throw new InvalidArgumentError('It must be a whole number.');
	return Number(given);
}
