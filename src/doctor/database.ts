import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import pinned from '#pocketbase/rules.json' with { type: 'json' };
import { written } from '#pocketbase/collection.ts';
import { formOf } from '#pocketbase/migrations.ts';
import { act, fine, look, type Finding } from './finding.ts';

// What PocketBase's file says, read past PocketBase: also when that is down, and when its rules are not ours.

/** Opens PocketBase's database for looking only. */
export function openForLooking(data: string): DatabaseSync {
	return new DatabaseSync(path.join(data, 'pocketbase', 'data.db'), { readOnly: true, timeout: 5000 });
}

/** Whether the data folder is of this version. */
export function version(database: DatabaseSync): Finding {
	const { done, missing, newer } = formOf(database);
	if (newer.length > 0) {
		return act('folder_newer', { file: newer[0] ?? '' });
	}
	if (missing.length > 0) return look('folder_older', { count: missing.length });
	return fine('folder_fine', { count: done.length });
}

const doors = ['listRule', 'viewRule', 'createRule', 'updateRule', 'deleteRule', 'manageRule', 'authRule'] as const;

/** Whether the second wall is as it was built: each rule of each collection, letter by letter. */
export function rules(database: DatabaseSync): Finding {
	const wanted: Record<string, Record<string, string | null>> = pinned;
	const found = new Map(
		database
			.prepare('SELECT * FROM _collections')
			.all()
			.map((row) => [String(row['name']), { ...JSON.parse(String(row['options'] ?? '{}')), ...row }])
	);
	const wrong = [...new Set([...Object.keys(wanted), ...found.keys()])].flatMap((name) => {
		const [is, must] = [found.get(name), wanted[name]];
		if (!is || !must) return [name];
		return doors.filter((door) => door in must && (is[door] ?? null) !== must[door]).map((door) => `${name}.${door}`);
	});
	if (wrong.length === 0) return fine('rules_fine', { count: found.size });
	return act('rules_wrong', { count: wrong.length, names: wrong.slice(0, 3).join(', ') });
}

/** Whether everything was destroyed in time; the sweep has an hour. */
export function retention(database: DatabaseSync, now: Date): Finding {
	const late = count(
		database,
		"recordings WHERE destroy_after < ? AND held_until = ''",
		new Date(now.getTime() - 3600_000)
	);
	if (late > 0) return act('retention_late', { count: late });
	const begun = count(database, "destructions WHERE destroyed = '' AND begun < ?", new Date(now.getTime() - 3600_000));
	return begun > 0 ? act('retention_begun', { count: begun }) : fine('retention_fine');
}

/** Kiosks that have not been heard of for a day, or that show another version of the page than `served`. */
export function kiosks(database: DatabaseSync, now: Date, served: string | undefined): Finding {
	const [paired] = database.prepare("SELECT count(*) AS n FROM kiosks WHERE revoked = ''").all();
	const dayAgo = new Date(now.getTime() - 24 * 3600_000);
	const stale = count(database, "kiosks WHERE revoked = '' AND last_seen < ?", dayAgo);
	if (stale > 0) return look('kiosks_stale', { count: stale });
	const showing = database
		.prepare("SELECT page_version FROM kiosks WHERE revoked = '' AND last_seen >= ? AND page_version != ''")
		.all(written(dayAgo));
	const older = showing.filter((row) => served !== undefined && row['page_version'] !== served).length;
	return older > 0 ? look('kiosks_older', { count: older }) : fine('kiosks_fine', { count: Number(paired?.['n']) });
}

/** Whose training ends, or has ended, of those who work with recordings. */
export function training(database: DatabaseSync, now: Date): Finding {
	const people = database
		.prepare(
			`SELECT staff.id, (SELECT min(ends) FROM (
				SELECT max(valid_until) AS ends FROM trainings WHERE person = staff.id GROUP BY course
			)) AS ends, (SELECT count(DISTINCT course) FROM trainings WHERE person = staff.id) AS courses
			FROM staff WHERE active = 1 AND (roles LIKE '%contact_person%' OR roles LIKE '%agent%' OR roles LIKE '%supervisor%')`
		)
		.all();
	const ended = people.filter(({ ends, courses }) => Number(courses) < 2 || String(ends) < written(now)).length;
	const soon = written(new Date(now.getTime() + 30 * 24 * 3600_000));
	const ending = people.filter(
		({ ends, courses }) => Number(courses) >= 2 && String(ends) >= written(now) && String(ends) < soon
	).length;
	if (ended > 0) return look('training_over', { count: ended });
	return ending > 0 ? look('training_ending', { count: ending }) : fine('training_fine', { count: people.length });
}

/** Requests whose month is over. */
export function deadlines(database: DatabaseSync, now: Date): Finding {
	const late = count(database, "requests WHERE state != 'closed' AND due < ?", now);
	return late > 0 ? act('deadlines_late', { count: late }) : fine('deadlines_fine');
}

function count(database: DatabaseSync, from: string, before: Date): number {
	return Number(database.prepare(`SELECT count(*) AS n FROM ${from}`).get(written(before))?.['n']);
}
