import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const folder = new URL('../../../src/ui/words/', import.meta.url);
const languages = ['fi', 'sv', 'en'] as const;
const rooms = [
	...new Set(
		readdirSync(folder)
			.filter((file) => file.endsWith('.json'))
			.map((file) => file.split('.')[0] ?? '')
	)
];

function wordsOf(room: string, language: string): Record<string, string> {
	const words: unknown = JSON.parse(readFileSync(new URL(`${room}.${language}.json`, folder), 'utf8'));
	return Object.fromEntries(Object.entries(words ?? {}).map(([key, text]) => [key, String(text)]));
}

const gaps = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '').sort();

// A missing word would silently be shown in the first language.
test.each(rooms)('the words of %s are the same in fi, sv and en, with the same gaps, and none is empty', (room) => {
	const [first, ...others] = languages.map((language) => wordsOf(room, language));
	expect(Object.keys(first ?? {}).length).toBeGreaterThan(0);
	for (const other of others) {
		expect(Object.keys(other).sort()).toEqual(Object.keys(first ?? {}).sort());
		for (const [key, text] of Object.entries(first ?? {})) {
			expect([key, gaps(other[key] ?? '')]).toEqual([key, gaps(text)]);
		}
	}
	for (const language of languages) {
		for (const [key, text] of Object.entries(wordsOf(room, language))) {
			expect([language, key, text.trim()]).not.toEqual([language, key, '']);
		}
	}
});

test('every file of words is compiled', () => {
	const settings = readFileSync(new URL('project.inlang/settings.json', folder), 'utf8');
	for (const room of rooms) expect(settings).toContain(`./${room}.{locale}.json`);
});
