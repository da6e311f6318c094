import type { Question } from './collection.ts';

const pageSize = 500;

/**
 * Every row that fits, in the order of the ids and a page at a time: none is left out because others are deleted
 * meanwhile.
 */
export async function* each<R extends { id: string }>(
	from: { list(question: Question): Promise<R[]> },
	{ filter, params, fields = '' }: Pick<Question, 'filter' | 'params' | 'fields'>
): AsyncGenerator<R> {
	for (let last = ''; ;) {
		const page = await from.list({
			filter: filter ? `(${filter}) && id > {:last}` : 'id > {:last}',
			params: { ...params, last },
			sort: 'id',
			limit: pageSize,
			fields
		});
		yield* page;
		if (page.length < pageSize) return;
		last = page.at(-1)?.id ?? last;
	}
}
