import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import * as v from 'valibot';

// What a browser loads for each page of the build that stands, JavaScript and style, in kilobytes of gzip; what a page
// may still ask for later counts. Exit code 1 when one is more than it may be.

const most: Record<string, { script: number; style: number }> = {
	'/kiosk': { script: 92, style: 8 },
	'/console/recordings': { script: 90, style: 5 },
	// These have the player.
	'/console/recordings/[id]': { script: 90, style: 5 },
	'/console/requests/[id]': { script: 125, style: 5 }
};
const usual = { script: 80, style: 5 };
const client = new URL('../../.svelte-kit/output/client/', import.meta.url);
const generated = '.svelte-kit/generated/client-optimized/';

const list = v.optional(v.array(v.string()), []);
const Part = v.object({ file: v.string(), imports: list, dynamicImports: list, css: list });
const manifest = v.parse(
	v.record(v.string(), Part),
	JSON.parse(readFileSync(new URL('.vite/manifest.json', client), 'utf8'))
);

/** The files of these parts and of all that they import, now or later. */
function filesOf(parts: string[], found = { script: new Set<string>(), style: new Set<string>() }) {
	for (const part of parts) {
		const one = manifest[part];
		if (!one) throw new Error(`${part} is not in the build: run npm run build first`);
		if (found.script.has(one.file)) continue;
		found.script.add(one.file);
		for (const style of one.css) found.style.add(style);
		// The framework asks for all pages in one place; what is asked for there is no part of each.
		filesOf(part === `${generated}app.js` ? one.imports : [...one.imports, ...one.dynamicImports], found);
	}
	return found;
}

/** Kit's own list of the pages: the numbers of the parts that each is made of, the outermost layout being 0. */
function pages(): { address: string; parts: string[] }[] {
	const app = readFileSync(new URL(`../../${generated}app.js`, import.meta.url), 'utf8');
	const rows = [...app.matchAll(/^\t+"(\/[^"]*)": \[~?(\d+)(?:,\[([\d,]*)\])?/gm)];
	return rows.map(([, address = '', page = '', layouts = '']) => ({
		address,
		parts: ['0', ...layouts.split(',').filter(Boolean), page].map((number) => `${generated}nodes/${number}.js`)
	}));
}

function kilobytes(files: Set<string>): number {
	const bytes = [...files].map((file) => gzipSync(readFileSync(new URL(file, client))).length);
	return Math.round(bytes.reduce((sum, one) => sum + one, 0) / 100) / 10;
}

const entries = ['node_modules/@sveltejs/kit/src/runtime/client/entry.js', `${generated}app.js`];
const rows = pages().map(({ address, parts }) => {
	const { script, style } = filesOf([...entries, ...parts]);
	const budget = most[address] ?? usual;
	const row = { 'script, kB': kilobytes(script), 'style, kB': kilobytes(style) };
	const isOver = row['script, kB'] > budget.script || row['style, kB'] > budget.style;
	return [address, { ...row, 'at most': `${budget.script} and ${budget.style}`, ...(isOver ? { over: 'OVER' } : {}) }];
});
console.table(Object.fromEntries(rows));
// A list that could not be read would look light.
const isKnown = rows.some(([address]) => address === '/kiosk') && rows.length > 20;
if (!isKnown || rows.some(([, row]) => Object.hasOwn(Object(row), 'over'))) process.exitCode = 1;
