import { inject } from 'vitest';
import { houseOn, type House } from './house-on.ts';

export type { House } from './house-on.ts';

/** Opens a register of one test file, on a copy of the run's template. Settings are given as environment variables. */
export function openHouse(environment: Record<string, string> = {}): Promise<House> {
	return houseOn(inject('template'), environment);
}
