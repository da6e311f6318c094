/** How each language writes dates and numbers. */
export const places = { fi: 'fi-FI', sv: 'sv-FI', en: 'en-GB' };

const made = new Map<string, Intl.DateTimeFormat>();

/** The format of dates in a language; making one costs a hundred times as much as using it, so each is made once. */
export function dates(language: keyof typeof places, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
	const key = `${language} ${JSON.stringify(options)}`;
	const format = made.get(key) ?? new Intl.DateTimeFormat(places[language], options);
	made.set(key, format);
	return format;
}
