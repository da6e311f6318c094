import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { watch } from '#recordings/watch.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'kuuntelupiste-watch-'));
afterAll(() => rmSync(folder, { recursive: true }));

function lay(name: string, text: string): void {
	mkdirSync(path.join(folder, name), { recursive: true });
	writeFileSync(path.join(folder, name, 'calls.csv'), text);
}

test('an export is taken when it is finished, once, and again when it has changed', async () => {
	const taken: string[] = [];
	const told = new AbortController();
	lay('one', 'a');
	// Still growing: a recorder writes on.
	lay('two', 'b');
	utimesSync(path.join(folder, 'two', 'calls.csv'), new Date(), new Date(Date.now() + 3600_000));
	const watching = watch(folder, async (one) => void taken.push(path.basename(one)), {
		everyMs: 20,
		quietMs: 0,
		signal: told.signal
	});
	await vi.waitFor(() => expect(taken).toEqual(['one']), { timeout: 10_000 });
	await new Promise((resolve) => setTimeout(resolve, 200));
	expect(taken).toEqual(['one']);
	lay('one', 'a and more');
	await vi.waitFor(() => expect(taken).toEqual(['one', 'one']), { timeout: 10_000 });
	utimesSync(path.join(folder, 'two', 'calls.csv'), new Date(), new Date(Date.now() - 1000));
	await vi.waitFor(() => expect(taken).toEqual(['one', 'one', 'two']), { timeout: 10_000 });
	told.abort();
	await watching;
});
