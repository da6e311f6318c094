import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { kuuntelupiste } from '../commands/running.ts';

// What the papers for people say is so: their files are there, their commands exist, their buttons have those words.

const root = path.join(import.meta.dirname, '../../..');
const read = (name: string): string => readFileSync(path.join(root, name), 'utf8');
const papers = readdirSync(path.join(root, 'deploy'))
	.filter((name) => name.endsWith('.md'))
	.map((name) => `deploy/${name}`);

it.each(papers)('every file that %s names is there', (paper) => {
	const named = [...read(paper).matchAll(/`((?:src|test|deploy|pb_migrations)\/[^`*\s]+)`|\]\(([^)#\s]+)\)/g)];
	for (const [, code, link] of named) {
		if (link?.includes(':')) continue;
		const place = code ?? path.join('deploy', link ?? '');
		expect([place, existsSync(path.join(root, place))]).toEqual([place, true]);
	}
});

it('every command that the papers name is one', async () => {
	const help = (await kuuntelupiste(['--help'], {})).out;
	const known = new Set([...help.matchAll(/^ {2}([a-z]+)\b/gm)].map(([, name]) => name));
	const named = papers.flatMap((paper) =>
		[...read(paper).matchAll(/\bkuuntelupiste ([a-z]+)\b/g)].map(([, name]) => name)
	);
	expect(named.length).toBeGreaterThan(4);
	for (const name of named) expect([name, known.has(name)]).toEqual([name, true]);
});

it('every word in bold in the contact person’s guide is a word of the screens', () => {
	const folder = 'src/ui/words';
	const words = readdirSync(path.join(root, folder))
		.filter((name) => name.endsWith('.fi.json'))
		.flatMap((name) => Object.values(JSON.parse(read(`${folder}/${name}`)) as Record<string, unknown>).map(String));
	const bold = [...read('deploy/contact-person.fi.md').matchAll(/\*\*([^*]+)\*\*/g)].map(([, word]) => word);
	expect(bold.length).toBeGreaterThan(15);
	for (const word of bold) expect([word, words.includes(word ?? '')]).toEqual([word, true]);
});

describe('the table of the ASVS', () => {
	const rows = [
		...read('deploy/asvs.md').matchAll(/^\| (\d+\.\d+\.\d+) +\| [12] +\| .+? +\| (met|n\/a|open) +\| (.+?) +\|$/gm)
	];

	it('has each of its 253 requirements of levels 1 and 2 once, and counts them rightly', () => {
		expect(new Set(rows.map(([, number]) => number)).size).toBe(253);
		const count = (state: string): number => rows.filter(([, , is]) => is === state).length;
		expect(read('deploy/asvs.md')).toContain(
			`Met: ${count('met')}, not applicable: ${count('n/a')}, open: ${count('open')}.`
		);
	});

	it('calls nothing met without a test or a line that shows it', () => {
		for (const [, number, state, shown] of rows) {
			if (state === 'met') expect([number, shown]).toEqual([number, expect.stringMatching(/`[\w/.+-]+\.\w+`|README/)]);
		}
	});

	it('names nothing as a test that is none, and no Decision that is not there', () => {
		const decisions = new Set([...read('README.md').matchAll(/^(\d+)\. \*\*/gm)].map(([, number]) => number));
		for (const [, number, , shown = ''] of rows) {
			for (const [, file = ''] of shown.matchAll(/`(test\/(?:core|web|screens|faults)\/[^`]+)`/g)) {
				const text = read(file);
				expect([number, file, /\b(?:it|test)(?:\.each|\.for)?\(|\bmust\(|process\.exitCode/.test(text)]).toEqual([
					number,
					file,
					true
				]);
			}
			for (const [, from = '', to = from] of shown.matchAll(/Decisions? (\d+)(?:(?: and |–)(\d+))?/g)) {
				for (const one of [from, to]) expect([number, one, decisions.has(one)]).toEqual([number, one, true]);
			}
		}
	});
});
