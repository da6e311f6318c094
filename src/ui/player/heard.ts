/** The widest step between two looks at a playing sound that is still hearing and not a jump, in seconds of sound. */
const widest = 1.5;

/** Counts the seconds of sound that really sounded; what is heard twice counts twice, what is jumped over does not. */
export class Heard {
	seconds = 0;
	/** The parts that sounded, in seconds, in the order in which they did. */
	readonly parts: [from: number, to: number][] = [];
	#last: number | undefined;

	/** The sound stands at `position` seconds now, and sounds or not. */
	follow(position: number, sounding: boolean): void {
		const step = this.#last === undefined ? 0 : position - this.#last;
		if (step > 0 && step <= widest) this.#sounded(position - step, position);
		this.#last = sounding ? position : undefined;
	}

	#sounded(from: number, to: number): void {
		this.seconds += to - from;
		const going = this.parts.find(([begin, end]) => begin <= from && from <= end + 0.01);
		if (going) going[1] = Math.max(going[1], to);
		else this.parts.push([from, to]);
	}

	/** The parts in whole seconds, `0-12,30-45`; the last forty of them. */
	get ranges(): string {
		return this.parts
			.slice(-40)
			.map(([from, to]) => `${Math.floor(from)}-${Math.ceil(to)}`)
			.join();
	}
}
