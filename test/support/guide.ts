import { readFileSync } from 'node:fs';

/** What a guide tells its reader to type, one block of commands after the other. */
export interface Block {
	/** The heading above it. */
	heading: string;
	text: string;
}

/** The blocks of commands of a guide, in order. */
export function blocksOf(guide: string | URL): Block[] {
	const blocks: Block[] = [];
	let heading = '';
	let block: string[] | undefined;
	for (const line of readFileSync(guide, 'utf8').split('\n')) {
		if (block && line === '```') {
			blocks.push({ heading, text: block.join('\n') });
			block = undefined;
		} else if (block) block.push(line);
		else if (line === '```sh') block = [];
		else heading = /^#+ (.*)$/.exec(line)?.[1] ?? heading;
	}
	return blocks;
}

/** Each use of the product's own program in a guide, in blocks and between backquotes, as words. */
export function usesOf(guide: string | URL): string[][] {
	const text = readFileSync(guide, 'utf8');
	const quoted = [...text.matchAll(/`(kuuntelupiste [a-z][^`\n]*)`/g)].map(([, use = '']) => use);
	const typed = blocksOf(guide).flatMap((block) =>
		block.text.split('\n').filter((line) => /^kuuntelupiste /.test(line))
	);
	return [...quoted, ...typed].map((use) => use.replace(/ #.*$/, '').trim().split(/\s+/).slice(1));
}
