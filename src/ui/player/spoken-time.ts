import type { Language } from '#ui/language.svelte.ts';

const tags: Record<Language, string> = { fi: 'fi-FI', sv: 'sv-FI', en: 'en-GB' };

/** A length or a place in a sound as a person says it: `1 minute 5 seconds`, in the language given. */
export function spokenTime(milliseconds: number, language: Language): string {
	const whole = Math.max(0, Math.floor(milliseconds / 1000));
	const [minutes, seconds] = [Math.floor(whole / 60), whole % 60];
	const say = (value: number, unit: 'minute' | 'second'): string =>
		new Intl.NumberFormat(tags[language], { style: 'unit', unit, unitDisplay: 'long' }).format(value);
	if (minutes === 0) return say(seconds, 'second');
	return seconds === 0 ? say(minutes, 'minute') : `${say(minutes, 'minute')} ${say(seconds, 'second')}`;
}
