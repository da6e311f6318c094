import { expect, it } from 'vitest';
import { canWatch, look, watchPlays } from '../support/watched-plays.ts';

it.skipIf(!canWatch())(
	'the line of each play is on the disk before the first byte of its sound leaves, as the system saw it',
	{ timeout: 180_000 },
	async () => {
		expect(await watchPlays(5)).toEqual({ plays: 5, inOrder: 5, wrong: [] });
	}
);

it('a play whose line came to the disk late would be seen', () => {
	const line = '7 pwrite64(9</d/access-log/log.db-wal>, "listen_begin one", 4096, 0) = 4096';
	const sync = '7 fdatasync(9</d/access-log/log.db-wal>) = 0';
	const answer = '7 writev(11<socket:[1]>, [{"HTTP/1.1 206 Partial Content\\r\\nContent-Type: audio/wav"}], 1) = 99';
	const begun = '7 fdatasync(9</d/access-log/log.db-wal> <unfinished ...>';
	const ended = '7 <... fdatasync resumed>) = 0';
	const inOrder = (...trace: string[]) => look(trace.join('\n'), ['one']).inOrder;
	expect(inOrder(line, sync, answer)).toBe(1);
	expect(inOrder(line, begun, ended, answer)).toBe(1);
	expect(inOrder(line, begun, answer, ended)).toBe(0);
	expect(inOrder(line, answer, sync)).toBe(0);
	expect(inOrder(sync, line, answer)).toBe(0);
	expect(inOrder(sync, answer)).toBe(0);
	expect(inOrder(line, sync.replace('access-log', 'pocketbase'), answer)).toBe(0);
});
