import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { program } from '#commands/program.ts';
import { table } from '#settings.ts';
import { blocksOf, usesOf } from '../../support/guide.ts';

const root = path.join(import.meta.dirname, '../../..');
const guides = ['README.md', ...readdirSync(path.join(root, 'deploy'), { recursive: true, encoding: 'utf8' })]
	.filter((name) => name.endsWith('.md'))
	.map((name) => (name === 'README.md' ? name : `deploy/${name}`));
const server = path.join(root, 'deploy/server');

/** Why the program would not take these words; undefined when it would. */
function wrong(words: string[]): string | undefined {
	let command: Command = program;
	let rest = words;
	for (;;) {
		const next = command.commands.find((one) => one.name() === rest[0]);
		if (!next) break;
		[command, rest] = [next, rest.slice(1)];
	}
	if (command === program) return `there is no command ${words[0]}`;
	if (command.commands.length > 0) return `${command.name()} has no ${rest[0]}`;
	let given = 0;
	for (let at = 0; at < rest.length; at++) {
		const word = rest[at] ?? '';
		if (!word.startsWith('-')) given++;
		else {
			const option = command.options.find(({ long }) => long === word);
			if (!option) return `${command.name()} has no option ${word}`;
			if (option.required && rest[++at] === undefined) return `${word} lacks its value`;
		}
	}
	const takes = command.registeredArguments;
	if (given > takes.length) return `${command.name()} takes fewer arguments`;
	return given < takes.filter(({ required }) => required).length ? `${command.name()} lacks an argument` : undefined;
}

describe('what a guide tells its reader to type', () => {
	it.each(guides)('is what the program takes: %s', (guide) => {
		for (const words of usesOf(path.join(root, guide))) expect(wrong(words), words.join(' ')).toBeUndefined();
	});

	it('would be found out', () => {
		expect(wrong(['sweep', '--yes'])).toBe('sweep has no option --yes');
		expect(wrong(['serv'])).toBe('there is no command serv');
		expect(wrong(['keys', 'destroy'])).toBe('keys has no destroy');
		expect(wrong(['backup', '--keys', 'x'])).toBe('backup lacks an argument');
		expect(wrong(['backup', 'x', 'y', '--keys', 'z'])).toBe('backup takes fewer arguments');
	});

	it('names files, units and settings that there are', () => {
		const blocks = blocksOf(path.join(server, 'README.md'));
		const text = blocks.map((block) => block.text).join('\n');
		const files = [...text.matchAll(/^install (?:-D )?-m \d+ (.+) \S+$/gm)].flatMap(([, names = '']) =>
			names.split(' ')
		);
		expect(files.length).toBeGreaterThan(9);
		for (const file of files) expect(existsSync(path.join(server, file)), file).toBe(true);
		const units = [...text.matchAll(/\bkuuntelupiste(?:-[a-z]+)?\.(?:service|timer)\b/g)].map(([name]) => name);
		for (const unit of units) expect(existsSync(path.join(server, unit)), unit).toBe(true);
		const names = new Set(Object.values(table).map(({ name }) => name));
		for (const file of readdirSync(server)) {
			for (const [name] of readFileSync(path.join(server, file), 'utf8').matchAll(
				/\b(?:KUUNTELUPISTE_[A-Z_]+[A-Z]|POCKETBASE_BIN)\b/g
			)) {
				if (!name.endsWith('_SMTP')) expect(names.has(name), `${name} in ${file}`).toBe(true);
			}
		}
	});
});
