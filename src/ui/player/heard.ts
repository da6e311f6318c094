/** The widest step between two looks at a playing sound that is still hearing and not a jump, in seconds of sound. */
const widest = 1.5;

/** Counts the seconds of sound that really sounded; what is heard twice counts twice, what is jumped over does not. */
export class Heard {
	seconds = 0;
	#last: number | undefined;

	/** The sound stands at `position` seconds now, and sounds or not. */
	follow(position: number, sounding: boolean): void {
		const step = this.#last === undefined ? 0 : position - this.#last;
		if (step > 0 && step <= widest) this.seconds += step;
		this.#last = sounding ? position : undefined;
	}
}
