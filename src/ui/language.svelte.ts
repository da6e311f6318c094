export { clock } from './clock.ts';
import { dates, places } from './formats.ts';
import { getLocale, overwriteGetLocale, type Locale } from './words/compiled/runtime.js';

/** The languages of every screen, in the order in which they are offered. */
export const languages = ['fi', 'sv', 'en'] as const;
export type Language = Locale;

export function isLanguage(given: unknown): given is Language {
	return languages.some((language) => language === given);
}

let spoken = $state<Language>('fi');

// In the browser every message reads this rune, so a change of language redraws the words and nothing else.
// On the server each request has its own; hooks.server.ts says which.
if (typeof window !== 'undefined') overwriteGetLocale(() => spoken);

/** Changes the language of this page (browser only); screen, position and sound stay. */
export function speak(language: Language): void {
	if (typeof window === 'undefined') return;
	spoken = language;
	document.documentElement.lang = language;
}

const zone = 'Europe/Helsinki';

/** A date in words, as its language writes it, on Helsinki's clock. */
export function day(date: Date, language: Language = getLocale()): string {
	return dates(language, { dateStyle: 'full', timeZone: zone }).format(date);
}

/** A date in words as it stands in a sentence: "on Monday", "maanantaina", "måndagen den". */
export function onDay(date: Date, language: Language = getLocale()): string {
	const inflected = { fi: '$1na ', sv: '$1en den ', en: '$1 ' };
	return day(date, language).replace(/^(\p{L}+) /u, inflected[language]);
}

/** A short date in figures, on Helsinki's clock. */
export function shortDay(date: Date, language: Language = getLocale()): string {
	return dates(language, { dateStyle: 'short', timeZone: zone }).format(date);
}

/** A time of day, on Helsinki's clock. */
export function time(date: Date, language: Language = getLocale()): string {
	return dates(language, { timeStyle: 'short', timeZone: zone }).format(date);
}

/** A date and a time of day in figures, on Helsinki's clock. */
export function moment(date: Date, language: Language = getLocale()): string {
	return dates(language, { dateStyle: 'short', timeStyle: 'short', timeZone: zone }).format(date);
}

/** A day of the calendar (YYYY-MM-DD) in figures. */
export function dayOf(text: string, language: Language = getLocale()): string {
	return dates(language, { dateStyle: 'short', timeZone: 'UTC' }).format(Date.parse(`${text}T12:00:00Z`));
}

/** A length of time in its largest unit, rounded down: seconds, minutes, hours or days. */
export function length(seconds: number, language: Language = getLocale()): string {
	const units = [
		['day', 86400],
		['hour', 3600],
		['minute', 60],
		['second', 1]
	] as const;
	const [unit, size] = units.find(([, size]) => seconds >= size) ?? ['second', 1];
	return new Intl.NumberFormat(places[language], { style: 'unit', unit, unitDisplay: 'short' }).format(
		Math.floor(seconds / size)
	);
}

/** A time of day to the second, on Helsinki's clock. */
export function second(date: Date, language: Language = getLocale()): string {
	return dates(language, { timeStyle: 'medium', timeZone: zone }).format(date);
}

/** A month's name, by its number from 1. */
export function monthName(month: number, language: Language = getLocale()): string {
	return dates(language, { month: 'long', timeZone: 'UTC' }).format(Date.UTC(2026, month - 1, 1));
}

/** A whole number, as its language groups it. */
export function whole(number: number, language: Language = getLocale()): string {
	return new Intl.NumberFormat(places[language]).format(number);
}
