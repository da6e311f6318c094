import { expect, test } from 'vitest';
import { Together } from '#listening/together.ts';

function counted() {
	const together = new Together<number>();
	const releases: (() => void)[] = [];
	const work = async (): Promise<number> => {
		const number = releases.length;
		await new Promise<void>((release) => releases.push(release));
		return number;
	};
	return { releases, ask: (name = 'a') => together.run(name, work) };
}

test('whoever asks while an answer is sought gets one that was sought after they asked, all of them the same', async () => {
	const { releases, ask } = counted();
	const first = ask();
	const later = Promise.all([ask(), ask(), ask()]);
	releases[0]?.();
	expect(await first).toBe(0);
	const between = ask();
	await expect.poll(() => releases).toHaveLength(2);
	releases[1]?.();
	expect(await later).toEqual([1, 1, 1]);
	expect(await between).toBeGreaterThanOrEqual(1);
});

test('different names share nothing', async () => {
	const { releases, ask } = counted();
	const answers = Promise.all([ask('a'), ask('b')]);
	for (const release of releases) release();
	expect(await answers).toEqual([0, 1]);
});

test('an answer that failed is nobody else’s', async () => {
	const together = new Together<string>();
	const failing = together.run('a', () => Promise.reject(new Error('no')));
	const next = together.run('a', () => Promise.resolve('yes'));
	await expect(failing).rejects.toThrow('no');
	expect(await next).toBe('yes');
	expect(await together.run('a', () => Promise.resolve('again'))).toBe('again');
});
