import { isFailure } from '#failures.ts';
import type { Register } from '#register.server.ts';
import { readPeople, type BadRow } from './people-csv.ts';
import { add, everyone } from './people.ts';
import { allTeams } from './team.ts';
import { done, mustKeepUp, type Maintainer } from './upkeep.ts';

/** How a list of people went, or would go. */
export interface Imported {
	/** With the password of the first sign-in, which is shown once; empty in a dry run. */
	added: { name: string; signInName: string; password: string }[];
	bad: BadRow[];
	known: number;
}

/**
 * Takes in a list of people: rows that are wrong are named, the rest goes in, and who is there already stays as they are.
 * A dry run says the same and changes nothing. The offices, by name, come from a room above.
 */
export async function importPeople(
	register: Register,
	maintainer: Maintainer,
	text: string,
	{ offices, dryRun }: { offices: ReadonlyMap<string, string>; dryRun: boolean }
): Promise<Imported> {
	await mustKeepUp(register, maintainer.person, 'import_people');
	const signInNames = new Set((await everyone(maintainer)).map(({ signInName }) => signInName));
	const teams = new Map((await allTeams(maintainer.as)).map(({ id, name }) => [name, id]));
	const { good, bad, known } = readPeople(text, { signInNames, teams, offices });
	const imported: Imported = { added: [], bad, known };
	if (!dryRun) {
		const line = done(maintainer.person, 'import_people');
		await register.accessLog.append({ ...line, measures: { people: good.length } });
	}
	for (const { line, newcomer } of good) {
		const { name, signInName } = newcomer;
		try {
			const password = dryRun ? '' : (await add(register, maintainer, newcomer)).password;
			imported.added.push({ name, signInName, password });
		} catch (fault) {
			// Somebody was added under that name meanwhile.
			if (!isFailure(fault) || fault.kind !== 'conflict') throw fault;
			imported.bad.push({ line, column: 'sign_in_name', reason: 'twice' });
		}
	}
	return imported;
}
