import { open, rm } from 'node:fs/promises';
import { Command, InvalidArgumentError } from 'commander';
import { Failure, isFailure } from '#failures.ts';
import type { Hand } from '#retention/key-export.ts';
import { readSettings } from '#settings.ts';
import { isDemo } from '../master-key.ts';
import { asking } from './asking.ts';
import { carryOut } from './beside.ts';
import { mustBeFounded } from './database.ts';

const reasons: Record<string, string> = {
	wrong_credentials: 'the name or the password is wrong',
	too_many_tries: 'there were too many tries; wait a quarter of an hour',
	second_factor_wrong: 'the code is wrong',
	second_factor_replayed: 'the code was used already; wait for the next one',
	another_step: 'that person has to sign in on the console first and take their second factor into use',
	same_person: 'it takes two different persons',
	wrong_role: 'one must be a maintainer, and the other a maintainer or an auditor',
	past_retention: 'the six months of that day are over, and nobody opens it any more',
	day_key_destroyed: 'that day has no key; if it had one, it is destroyed',
	access_log_unwritable: 'the access log cannot be written, and without its line no key leaves'
};

export const exportDayCommand = new Command('export-day')
	.description(
		"for emergencies: write a day's key to a file, with which age opens that day's recordings; two persons sign in for it"
	)
	.argument('<day>', 'the day of the calls, YYYY-MM-DD', day)
	.requiredOption('--to <file>', 'the file to make, for its owner only; one that is there is not touched')
	.action(async (given: string, { to }: { to: string }) => {
		const settings = readSettings(process.env);
		mustBeFounded(settings);
		const hands = await bothHands(settings.secondFactor && !isDemo(settings));
		// The file first: a key that has left, by the log, and lies nowhere would be worse than none.
		const file = await open(to, 'wx', 0o600).catch((cause: unknown) => {
			throw new Failure('conflict', 'file', { cause, detail: `${to} cannot be made, or is there already.` });
		});
		try {
			const identity = await carryOut(settings, 'exportDay', { day: given, hands });
			await file.writeFile(`# the calls of ${given}; destroy this file after use\n${identity}\n`);
			await file.sync();
		} catch (fault) {
			await rm(to, { force: true });
			throw isFailure(fault) && reasons[fault.reason] ? toldWhy(fault) : fault;
		} finally {
			await file.close();
		}
		console.log(
			`The key of ${given} is in ${to}: age -d -i ${to} RECORDING.age opens a recording. The log says who took it.`
		);
	});

async function bothHands(secondFactor: boolean): Promise<[Hand, Hand]> {
	const { ask, close } = asking();
	const hand = async (who: string): Promise<Hand> => ({
		signInName: await ask(`${who}, sign-in name`),
		password: await ask(`${who}, password`, { secret: true }),
		code: secondFactor ? await ask(`${who}, code of the second factor`, { secret: true }) : ''
	});
	try {
		return [await hand('First person'), await hand('Second person')];
	} finally {
		close();
	}
}

function toldWhy({ kind, reason }: Failure): Failure {
	return new Failure(kind, reason, { detail: `No key was given out: ${reasons[reason]}.` });
}

function day(text: string): string {
	if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return text;
	throw new InvalidArgumentError('It must be a day like 2026-11-25.');
}
