import { hourLeft } from './hour-left.ts';

/** The visitor's hour: announces its end five minutes before, and says when it is over. */
export class Hour {
	/** Whole minutes left, in the last five; undefined before. */
	minutes = $state<number>();

	/** Watches an hour of which the server says how much is left, until the returned function is called. */
	watch(leftMs: number, over: () => void): () => void {
		// Not by the time of day, which may be set meanwhile.
		const ends = performance.now() + leftMs;
		let told = false;
		const look = (): void => {
			const left = hourLeft(ends - performance.now());
			this.minutes = typeof left === 'object' ? left.minutes : undefined;
			if (left !== 'over' || told) return;
			told = true;
			over();
		};
		look();
		const tick = setInterval(look, 1000);
		return () => {
			clearInterval(tick);
			this.minutes = undefined;
		};
	}
}
