import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

// The whole of `npm test`, one step after the other: two cores carry one heavy thing at a time.
// Each step says how many passed and failed; a step without tests of its own counts as one.

const folder = mkdtempSync(path.join(os.tmpdir(), 'kuuntelupiste-tests-'));
let passed = 0;
let failed = 0;

whole('type check', 'npm', 'run', '-s', 'check');
whole('lint', 'npm', 'run', '-s', 'lint');
whole('import arrows', 'npm', 'run', '-s', 'arrows');
whole('production build', 'npm', 'run', '-s', 'build');
whole('weight of the pages', 'npm', 'run', '-s', 'weight');
vitest('core', 'web');
playwright('pages');
playwright('sound');

rmSync(folder, { recursive: true, force: true });
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;

function run(name: string, [program = '', ...words]: string[], environment: Record<string, string> = {}): boolean {
	console.log(`\n── ${name}`);
	const began = Date.now();
	const { status } = spawnSync(program, words, { stdio: 'inherit', env: { ...process.env, ...environment } });
	console.log(`   ${name}: ${status === 0 ? 'passed' : 'FAILED'} after ${Math.round((Date.now() - began) / 1000)} s`);
	return status === 0;
}

function whole(name: string, ...command: string[]): void {
	if (run(name, command)) passed++;
	else failed++;
}

/** In one run, so that one project's long last file has the other's beside it. */
function vitest(...projects: string[]): void {
	const file = path.join(folder, 'vitest.json');
	const chosen = projects.flatMap((project) => ['--project', project]);
	const reporters = ['--reporter=dot', '--reporter=json', `--outputFile.json=${file}`];
	const good = run(`${projects.join(' and ')} tests`, ['npx', 'vitest', 'run', ...chosen, ...reporters]);
	count(good, file, (report) => [report['numPassedTests'], report['numFailedTests']]);
}

function playwright(project: string): void {
	const file = path.join(folder, `${project}.json`);
	const good = run(
		`browser tests of ${project}`,
		['npx', 'playwright', 'test', '--project', project, '--reporter=list,json'],
		{
			PLAYWRIGHT_JSON_OUTPUT_NAME: file
		}
	);
	count(good, file, (report) => {
		const { expected, unexpected, flaky } = (report['stats'] ?? {}) as Record<string, unknown>;
		return [expected, Number(unexpected) + Number(flaky)];
	});
}

function count(good: boolean, file: string, read: (report: Record<string, unknown>) => unknown[]): void {
	let [more, less] = [0, 0];
	try {
		[more = 0, less = 0] = read(JSON.parse(readFileSync(file, 'utf8'))).map(Number);
	} catch {
		// No report is a failure of its own, counted below.
	}
	passed += more;
	// A runner that failed outside its tests (a hook, an unhandled error) must not look green, nor one that ran nothing.
	failed += less > 0 ? less : good && more > 0 ? 0 : 1;
}
