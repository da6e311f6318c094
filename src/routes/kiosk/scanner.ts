import { folded } from '#visits/code-alphabet.ts';

/** A reader types faster than this; whoever is slower is a person at a keyboard. */
const handMs = 150;

interface Ears {
	/** A whole code came, ended by Enter. */
	whole: (code: string) => void;
	/** Somebody types by hand: this much so far. */
	byHand: (typed: string) => void;
}

/** Collects what a reader, which is a keyboard to the browser, types without looking where. */
export function scanner({ whole, byHand }: Ears): (event: KeyboardEvent) => void {
	let typed = '';
	let hand: ReturnType<typeof setTimeout> | undefined;
	return (event) => {
		if (event.ctrlKey || event.altKey || event.metaKey) return;
		if (event.key === 'Enter' && typed) {
			// Without this the Enter would also press what has the focus.
			event.preventDefault();
			clearTimeout(hand);
			whole(typed);
			typed = '';
		} else if (event.key.length === 1 && folded(event.key)) {
			event.preventDefault();
			typed += event.key;
			clearTimeout(hand);
			hand = setTimeout(() => {
				byHand(typed);
				typed = '';
			}, handMs);
		}
	};
}
