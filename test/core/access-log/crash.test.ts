import { once } from 'node:events';
import { expect, it } from 'vitest';
import { verify } from '#access-log/verify.ts';
import { newFolder, numbersIn } from './folder.ts';
import { startWriter } from './writing.ts';

const cycles = 10;

it(
	'loses no acknowledged entry, and halves no batch, when its process is killed ten times',
	{ timeout: 60_000 },
	async () => {
		const folder = await newFolder();
		const acknowledged: number[] = [];
		for (let cycle = 0; cycle < cycles; cycle++) {
			const writer = startWriter(folder);
			expect(await writer.line()).toBe('open');
			// A few at a time, so that the kill meets it in the middle of its work.
			let next = cycle * 100_000;
			const more = () => writer.send(Array.from({ length: 8 }, () => next++));
			more();
			for (let answers = 0; answers < 40 * (cycle + 1); answers++) {
				const answer = await writer.line();
				expect(answer).toMatch(/^done /);
				acknowledged.push(Number(answer?.slice('done '.length)));
				if (answers % 8 === 0) more();
			}
			const gone = once(writer.process, 'exit');
			writer.process.kill('SIGKILL');
			await gone;
			// What it had said before it died counts too.
			for (let last = await writer.line(); last; last = await writer.line()) {
				if (/^done \d+$/.test(last)) acknowledged.push(Number(last.slice('done '.length)));
			}
			expect(await verify(folder)).toMatchObject({ intact: true });
		}
		const written = Map.groupBy(await numbersIn(folder), (number) => number);
		expect(acknowledged.length).toBeGreaterThan(40 * cycles);
		expect(acknowledged.filter((number) => written.get(number)?.length !== 3)).toEqual([]);
		expect([...written.values()].filter((batch) => batch.length !== 3)).toEqual([]);
	}
);
