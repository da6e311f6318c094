import { pages } from '#access-log/pages.ts';
import type { Logged } from '#access-log/entry.ts';
import { Failure } from '#failures.ts';
import { csvLine, csvStream } from '#ui/csv.ts';
import { guarded } from '../../../guard.ts';
import { asked } from '../asked.ts';
import { sentenceText } from '../sentence.ts';

const columns = [
	'sequence',
	'at',
	'action',
	'outcome',
	'reason',
	'role',
	'actor',
	'purpose',
	'recording',
	'request',
	'appointment',
	'visit',
	'kiosk',
	'office',
	'person'
] as const;

/** The entries that fit the conditions, oldest first, as a file; that they are given out is in the log first. */
export const GET = guarded('audit', async ({ register, person }, { url }) => {
	const { where, wrong } = asked(url.searchParams);
	if (wrong.length > 0) throw new Failure('invalid', 'form', { field: wrong[0] });
	await register.accessLog.append({
		action: 'export_log',
		actor: person.id,
		role: 'auditor',
		purpose: 'audit',
		outcome: 'done'
	});
	return csvStream('access-log.csv', lines(pages(register.accessLog, where)));
});

async function* lines(entries: AsyncIterable<Logged[]>): AsyncGenerator<string> {
	yield csvLine([...columns, 'measures', 'sentence']);
	for await (const page of entries) yield page.map(line).join('');
}

function line(entry: Logged): string {
	const measures = Object.entries(entry.measures ?? {}).map(([name, value]) => `${name} ${value}`);
	return csvLine([...columns.map((name) => entry[name] ?? ''), measures.join(', '), sentenceText(entry)]);
}
