import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';

// `npm run bench -- NAME` and `npm run faults -- NAME`: one script a name, in a process of its own; without a name, all.

const [kind = '', name, ...words] = process.argv.slice(2);
const folder = path.join(import.meta.dirname, '..', kind);
const names = readdirSync(folder, { withFileTypes: true })
	.filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
	.map((entry) => path.basename(entry.name, '.ts'))
	.sort();

if (name && !names.includes(name)) {
	console.error(`There is no ${kind} of that name; there are: ${names.join(', ')}.`);
	process.exit(1);
}
for (const one of name ? [name] : names) {
	console.log(`── ${kind} ${one}`);
	const { status } = spawnSync(process.execPath, [path.join(folder, `${one}.ts`), ...words], { stdio: 'inherit' });
	if (status !== 0) process.exitCode = 1;
}
