import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

// The routes as they lie in src/routes: nobody has to remember to write a new one down.

const folder = fileURLToPath(new URL('../../src/routes/', import.meta.url));

/** A route: its address with the parameters in brackets, and what it takes. */
export interface Route {
	address: string;
	kind: 'page' | 'endpoint';
	/** The names of its form actions; `''` for the one without a name. */
	actions: string[];
	/** The names of the fields that its source knows. */
	fields: string[];
}

export function routeTable(): Route[] {
	const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
	return names
		.filter((name) => /\+(page|server|page\.server)\.(ts|svelte)$/.test(name) && !name.includes('+layout'))
		.map((name) => path.dirname(name))
		.filter((route, index, all) => all.indexOf(route) === index)
		.sort()
		.map((route) => {
			const files = names.filter((name) => path.dirname(name) === route && /\.(ts|svelte)$/.test(name));
			const source = files.map((name) => readFileSync(path.join(folder, name), 'utf8')).join('\n');
			const [, actions = ''] = /export const actions: Actions = \{\n([\s\S]*?)\n\};/.exec(source) ?? [];
			return {
				address: `/${route === '.' ? '' : route}`,
				kind: files.some((name) => name.includes('+server.')) ? 'endpoint' : 'page',
				actions: [...actions.matchAll(/^\t(?:async )?(\w+)[:(]/gm)].map(([, name = '']) =>
					name === 'default' ? '' : name
				),
				fields: [
					...new Set(
						[...source.matchAll(/name="(\w+)"|^\t+(\w+): (?:v\.|id|ticks|dayTyped|clockTyped)/gm)].map(
							([, a, b]) => a ?? b ?? ''
						)
					)
				]
			};
		});
}
