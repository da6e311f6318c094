/** `fine`: nothing to do; `look`: somebody should, these days; `act`: somebody must, now. */
export type State = 'fine' | 'look' | 'act';

/** What one check found. Ids and numbers only: whoever keeps the machine running sees no call, no name, no number. */
export interface Finding {
	state: State;
	/** What is so. */
	says: string;
	/** What to do; for whatever is not fine. */
	todo?: string;
}

export const fine = (says: string): Finding => ({ state: 'fine', says });
export const look = (says: string, todo: string): Finding => ({ state: 'look', says, todo });
export const act = (says: string, todo: string): Finding => ({ state: 'act', says, todo });

/** One, or several in words. */
export function counted(number: number, one: string, several: string): string {
	return `${number} ${number === 1 ? one : several}`;
}
