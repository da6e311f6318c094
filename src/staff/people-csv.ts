import { parse } from 'csv-parse/sync';
import { Failure } from '#failures.ts';
import type { Newcomer } from './people.ts';
import { roles, type Role } from './person.ts';

/** The columns of a list of people; several roles, teams or offices in one field are parted by `|`. */
export const columns = ['sign_in_name', 'name', 'roles', 'team', 'supervises', 'offices'] as const;
export type Column = (typeof columns)[number];

/** What a list may name, by name. */
export interface Known {
	signInNames: ReadonlySet<string>;
	teams: ReadonlyMap<string, string>;
	offices: ReadonlyMap<string, string>;
}

/** A row that cannot be taken in: where it is wrong, and how, as a code. */
export interface BadRow {
	line: number;
	column: Column;
	reason: 'form' | 'twice' | 'empty' | 'too_long' | 'unknown_role' | 'unknown_team' | 'unknown_office';
}

export interface Readout {
	good: { line: number; newcomer: Newcomer }[];
	bad: BadRow[];
	/** How many have an account already; they stay as they are. */
	known: number;
}

/**
 * Reads a list of people (CSV with a header line, UTF-8; commas or semicolons) and says of each row what will become of
 * it. Refuses with `invalid: people_list` when it is no such list: a column is missing, or the quotes do not match.
 */
export function readPeople(text: string, known: Known): Readout {
	const readout: Readout = { good: [], bad: [], known: 0 };
	const seen = new Set<string>();
	for (const { line, fields } of rowsOf(text)) {
		const signInName = fields.sign_in_name.toLowerCase();
		const wrong = wrongIn(fields, signInName, seen, known);
		seen.add(signInName);
		if (wrong) readout.bad.push({ line, ...wrong });
		else if (known.signInNames.has(signInName)) readout.known++;
		else readout.good.push({ line, newcomer: newcomerOf(fields, signInName, known) });
	}
	return readout;
}

type Fields = Record<Column, string>;

function rowsOf(text: string): { line: number; fields: Fields }[] {
	const required = (row: Record<string, string>): Fields => {
		const field = (column: Column): string => (row[column] ?? '').trim();
		return {
			sign_in_name: field('sign_in_name'),
			name: field('name'),
			roles: field('roles'),
			team: field('team'),
			supervises: field('supervises'),
			offices: field('offices')
		};
	};
	try {
		let header: string[] = [];
		const rows = parse<Record<string, string>>(text, {
			bom: true,
			delimiter: [',', ';'],
			skip_empty_lines: true,
			relax_column_count: true,
			info: true,
			columns: (names: string[]) => (header = names.map((name) => name.trim().toLowerCase()))
		}) as unknown as { record: Record<string, string>; info: { lines: number } }[];
		if (!header.includes('sign_in_name') || !header.includes('name') || !header.includes('roles')) {
			throw new Failure('invalid', 'people_list', { field: 'file' });
		}
		return rows.map(({ record, info }) => ({ line: info.lines, fields: required(record) }));
	} catch (fault) {
		if (fault instanceof Error && fault.name === 'Failure') throw fault;
		throw new Failure('invalid', 'people_list', { field: 'file' });
	}
}

function wrongIn(
	fields: Fields,
	signInName: string,
	seen: Set<string>,
	known: Known
): Omit<BadRow, 'line'> | undefined {
	if (!/^[a-z][a-z0-9._-]{0,39}$/.test(signInName)) return { column: 'sign_in_name', reason: 'form' };
	if (seen.has(signInName)) return { column: 'sign_in_name', reason: 'twice' };
	if (!fields.name) return { column: 'name', reason: 'empty' };
	if (fields.name.length > 120) return { column: 'name', reason: 'too_long' };
	if (listed(fields.roles).length === 0) return { column: 'roles', reason: 'empty' };
	if (!listed(fields.roles).every(isRole)) return { column: 'roles', reason: 'unknown_role' };
	if (fields.team && !known.teams.has(fields.team)) return { column: 'team', reason: 'unknown_team' };
	if (!listed(fields.supervises).every((one) => known.teams.has(one))) {
		return { column: 'supervises', reason: 'unknown_team' };
	}
	if (!listed(fields.offices).every((one) => known.offices.has(one))) {
		return { column: 'offices', reason: 'unknown_office' };
	}
	return undefined;
}

function newcomerOf(fields: Fields, signInName: string, { teams, offices }: Known): Newcomer {
	return {
		signInName,
		name: fields.name,
		active: true,
		roles: listed(fields.roles).filter(isRole),
		team: teams.get(fields.team) ?? '',
		supervises: listed(fields.supervises).flatMap((one) => teams.get(one) ?? []),
		offices: listed(fields.offices).flatMap((one) => offices.get(one) ?? [])
	};
}

function listed(field: string): string[] {
	return field
		.split('|')
		.map((one) => one.trim())
		.filter(Boolean);
}

function isRole(given: string): given is Role {
	return roles.some((role) => role === given);
}
