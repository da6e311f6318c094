import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Client } from '#pocketbase/pocketbase.ts';
import { fetchSealed } from '#pocketbase/sealed-copy.ts';
import { recordings } from '#recordings/recording.ts';
import type { Keyring } from '#sealing/keyring.ts';
import { fileSource, openSealed } from '#sealing/sealed-file.ts';
import { tones } from '../../support/tones.ts';

const program = fileURLToPath(new URL('../../../src/commands/kuuntelupiste.ts', import.meta.url));

/** An export of so many calls of two seconds by `aino`, each with a sound of its own. */
export function exportOf(calls: number): string {
	const folder = mkdtempSync(path.join(os.tmpdir(), 'kuuntelupiste-export-'));
	const rows = ['answered,disconnected,direction,line,service_number,customer_number,employee,audio'];
	for (let call = 0; call < calls; call++) {
		writeFileSync(path.join(folder, `${call}.wav`), tones(2, [{ hertz: 200 + call, level: 0.5 }]));
		const answered = new Date(Date.now() - 20 * 24 * 3600_000 + call * 60_000);
		const disconnected = new Date(answered.getTime() + 2000);
		rows.push(
			`${answered.toISOString()},${disconnected.toISOString()},received,customer_service,+35820071000,+358491730561,aino,${call}.wav`
		);
	}
	writeFileSync(path.join(folder, 'calls.csv'), rows.join('\n'));
	return folder;
}

/** Imports a folder again and again, and kills each import with -9 after a random while, until one comes to its end. */
export async function importKilled(
	folder: string,
	env: NodeJS.ProcessEnv,
	{ kills, longestMs, random }: { kills: number; longestMs: number; random: () => number }
): Promise<string> {
	for (let round = 0; round <= kills; round++) {
		const child = spawn(process.execPath, [program, 'import', folder], { env, stdio: ['ignore', 'pipe', 'inherit'] });
		let said = '';
		child.stdout.on('data', (piece: Buffer) => (said += piece.toString()));
		const ended = new Promise((resolve) => child.once('close', resolve));
		if (round === kills) {
			await ended;
			return said.trimEnd().split('\n').at(-1) ?? '';
		}
		await Promise.race([ended, wait(500 + random() * longestMs)]);
		child.kill('SIGKILL');
		await ended;
	}
	return '';
}

/** How many recordings there are, how many of them open as what was sealed, and how many were never read back. */
export async function countOpen(
	superuser: Client,
	keyring: Keyring
): Promise<{ rows: number; open: number; unchecked: number }> {
	const all = await recordings(superuser).list({ filter: '', limit: 1000 });
	let open = 0;
	for (const one of all) {
		const file = await fetchSealed(superuser, one);
		const reader = await openSealed(fileSource(file, (await file.stat()).size), await keyring.identityOf(one));
		const plain = await reader.read(0, reader.size);
		if (createHash('sha256').update(plain).digest('hex') === one.audioSha256) open++;
		await file.close();
	}
	const unchecked = await recordings(superuser).count({ filter: 'checked = ""' });
	return { rows: all.length, open, unchecked };
}

/** Removes an export. */
export function forget(folder: string): void {
	rmSync(folder, { recursive: true, force: true });
}
