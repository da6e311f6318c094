import { Command } from 'commander';
import type { Reconciled } from '#retention/reconcile.ts';
import { readSettings } from '#settings.ts';
import { carryOut } from './beside.ts';

const findings: Record<keyof Reconciled['found'], string> = {
	orphanFolder: 'a file without a recording',
	strayKey: 'a key of its own without a recording',
	missingFile: 'a recording whose file is not there',
	missingKey: 'a recording that no key opens'
};

export const reconcileCommand = new Command('reconcile')
	.description('compare the database with its files and the keys (exit 1 when something does not fit and stays)')
	.option('--remove', 'remove files and keys that belong to no recording and are more than an hour old')
	.action(async ({ remove = false }: { remove?: boolean }) => {
		const { recordings, found, removed } = await carryOut(readSettings(process.env), 'reconcile', { remove });
		for (const [kind, words] of Object.entries(findings) as [keyof typeof findings, string][]) {
			for (const id of found[kind]) console.error(`${id}: ${words}`);
		}
		const all = Object.values(found).flat().length;
		console.log(`${recordings} recordings, ${all} findings, ${removed} removed`);
		if (all > removed) process.exitCode = 1;
	});
