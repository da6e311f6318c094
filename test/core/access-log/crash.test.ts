import { expect, it } from 'vitest';
import { newFolder } from './folder.ts';
import { killCycles } from './killing.ts';
import { randomFrom } from './mutate.ts';

it(
	'loses no acknowledged entry, and halves no batch, when its process is killed fifty times under load',
	{ timeout: 300_000 },
	async () => {
		const killed = await killCycles(await newFolder(), 50, { random: randomFrom(7) });
		expect(killed).toMatchObject({ cycles: 50, lost: [], halved: [], broken: [] });
		expect(killed.acknowledged).toBeGreaterThan(50 * 5);
	}
);
