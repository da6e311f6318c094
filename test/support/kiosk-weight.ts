import { readFileSync, readdirSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import * as v from 'valibot';

// How much JavaScript a kiosk loads, of the build that stands. Exit code 1 when it is more than it may be.

const most = { before: 90, withPlayer: 130 };
const client = new URL('../../.svelte-kit/output/client/', import.meta.url);
const generated = '.svelte-kit/generated/client-optimized/';

const Manifest = v.record(
	v.string(),
	v.object({
		file: v.string(),
		imports: v.optional(v.array(v.string()), []),
		dynamicImports: v.optional(v.array(v.string()), [])
	})
);
const manifest = v.parse(Manifest, JSON.parse(readFileSync(new URL('.vite/manifest.json', client), 'utf8')));

/** The files of these parts and of all that they import; with `later`, also of what they may still ask for. */
function filesOf(parts: string[], later: boolean, found = new Set<string>()): Set<string> {
	for (const part of parts) {
		const { file, imports, dynamicImports } = manifest[part] ?? { imports: [], dynamicImports: [] };
		if (!file) throw new Error(`${part} is not in the build: run npm run build first`);
		if (found.has(file)) continue;
		found.add(file);
		filesOf(later ? [...imports, ...dynamicImports] : imports, later, found);
	}
	return found;
}

/** The pages' parts that come from this file of the source; Kit names them by number. */
function nodesFrom(source: string): string[] {
	const nodes = readdirSync(new URL(`../../${generated}nodes/`, import.meta.url));
	return nodes
		.filter((node) =>
			readFileSync(new URL(`../../${generated}nodes/${node}`, import.meta.url), 'utf8').includes(`/${source}"`)
		)
		.map((node) => `${generated}nodes/${node}`);
}

function kilobytes(files: Set<string>): number {
	const bytes = [...files].map((file) => gzipSync(readFileSync(new URL(file, client))).length);
	return Math.round(bytes.reduce((sum, one) => sum + one, 0) / 100) / 10;
}

const [layout = '', page = ''] = ['src/routes/+layout.svelte', 'src/routes/kiosk/+page.svelte'].map(
	(source) => nodesFrom(source)[0]
);
const entries = ['node_modules/@sveltejs/kit/src/runtime/client/entry.js', `${generated}app.js`];
const first = filesOf([...entries, layout, page], false);
const all = new Set([...first, ...filesOf([layout, page], true)]);
const [before, withPlayer] = [kilobytes(first), kilobytes(all)];

console.log(`The kiosk's JavaScript, gzip: ${before} kB before the player (at most ${most.before}),`);
console.log(`${withPlayer} kB with it (at most ${most.withPlayer}); ${all.size - first.size} files are loaded later.`);
process.exitCode = before <= most.before && withPlayer <= most.withPlayer ? 0 : 1;
