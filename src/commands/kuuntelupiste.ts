#!/usr/bin/env node
import { isFailure } from '#failures.ts';
import { program } from './program.ts';

try {
	await program.parseAsync();
} catch (fault) {
	// One line, and never a stack trace; a fault that nobody foresaw keeps its own words.
	const line = isFailure(fault) ? (fault.detail ?? fault.message) : fault instanceof Error ? fault.message : 'failed';
	console.error(`kuuntelupiste: ${line.replaceAll('\n', ' ')}`);
	process.exitCode = 1;
}
