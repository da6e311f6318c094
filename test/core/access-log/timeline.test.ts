import { expect, it } from 'vitest';
import { timeline } from '#access-log/timeline.ts';
import { entry, id } from './entries.ts';
import { newFolder, openLog } from './folder.ts';

it('a timeline holds all of one thing and nothing else, oldest first; a person’s also what was done to them', async () => {
	const log = await openLog(await newFolder());
	await log.append([
		entry(1),
		{ ...entry(2), recording: id('other'), actor: id('bertta') },
		{ ...entry(3), visit: id('visit') },
		{ ...entry(4), actor: id('maija'), person: id('anna') },
		{ ...entry(5), actor: id('anna'), person: id('anna') }
	]);
	const of = async (...asked: [kind: Parameters<typeof timeline>[1], id: string, before?: number]) =>
		(await timeline(log, asked[0], asked[1], { limit: 3, before: asked[2] })).map(({ sequence }) => sequence);
	expect(await of('recording', id('other'))).toEqual([2]);
	expect(await of('visit', id('visit'))).toEqual([3]);
	expect(await of('person', id('anna'))).toEqual([3, 4, 5]);
	expect(await of('person', id('anna'), 3)).toEqual([1]);
	expect(await of('request', id('request'))).toEqual([]);
	await log.close();
});
