import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';

// `npm run bench -- NAME` and `npm run faults -- NAME`: one script a name, in a process of its own; without a name, all.

if (import.meta.main) {
	const [kind = '', name, ...words] = process.argv.slice(2);
	const names = namesOf(kind);
	if (name && !name.startsWith('-')) {
		if (!names.includes(name)) {
			console.error(`There is no ${kind} of that name; there are: ${names.join(', ')}.`);
			process.exit(1);
		}
		if (!runOne(kind, name, words)) process.exitCode = 1;
	} else if (kind === 'bench') {
		// These have a table that they end with.
		const whole = path.join(folderOf(kind), 'whole', 'run.ts');
		process.exitCode = spawnSync(process.execPath, [whole, ...process.argv.slice(3)], { stdio: 'inherit' }).status ?? 1;
	} else {
		for (const one of names) if (!runOne(kind, one, [])) process.exitCode = 1;
	}
}

/** Runs one script to its end; whether it was content. */
export function runOne(kind: string, name: string, words: string[], environment: Record<string, string> = {}): boolean {
	console.log(`── ${kind} ${name}`);
	const script = path.join(folderOf(kind), `${name}.ts`);
	const env = { ...process.env, ...environment };
	return spawnSync(process.execPath, [script, ...words], { stdio: 'inherit', env }).status === 0;
}

function namesOf(kind: string): string[] {
	return readdirSync(folderOf(kind), { withFileTypes: true })
		.filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
		.map((entry) => path.basename(entry.name, '.ts'))
		.sort();
}

function folderOf(kind: string): string {
	return path.join(import.meta.dirname, '..', kind);
}
