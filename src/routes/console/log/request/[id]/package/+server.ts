import { packageOf } from '#requests/accountability.ts';
import { guarded } from '../../../../../guard.ts';
import { readerAt, requestIn } from '../../asking.ts';

/** The package of one request as JSON; its entries are those of the log, hashes of the ones before included. */
export const GET = guarded(['desk', 'audit'], async (door, { params }) => {
	const papers = await packageOf(door.register, readerAt(door), requestIn(params));
	const body = { format: 'kuuntelupiste/accountability', version: 1, ...papers };
	return new Response(`${JSON.stringify(body, undefined, '\t')}\n`, {
		headers: {
			'Content-Type': 'application/json',
			'Content-Disposition': `attachment; filename="request-${papers.request}.json"`
		}
	});
});
