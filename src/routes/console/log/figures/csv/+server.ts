import { figures, type Figures } from '#requests/figures.ts';
import { csvLine, csvStream } from '#ui/csv.ts';
import { guarded } from '../../../../guard.ts';
import { yearIn } from '../year.ts';

const parts = ['requests', 'endings', 'appointments', 'listening', 'training', 'holds', 'destruction'] as const;

/** The figures of a year as a file: part, what is counted, number. */
export const GET = guarded('audit', async (door, { url }) => {
	const counted = await figures(door.register, door, yearIn(url.searchParams, door.register.now()));
	return csvStream(`figures-${counted.year}.csv`, lines(counted));
});

async function* lines(counted: Figures): AsyncGenerator<string> {
	yield csvLine(['year', 'part', 'what', 'number']);
	const { answered, inTime, median, p90 } = counted.answering;
	for (const [what, number] of Object.entries({ answered, in_time: inTime, median_days: median, p90_days: p90 })) {
		yield csvLine([counted.year, 'answering', what, number ?? '']);
	}
	for (const part of parts) {
		for (const { name, number } of counted[part]) yield csvLine([counted.year, part, name, number]);
	}
}
