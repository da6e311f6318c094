/** Why a recording is kept past its time: an open request, or by hand one of the others. */
export const grounds = {
	request: 'an open request of the data subject (GDPR Art. 12, 15)',
	restriction: 'the data subject asked for restriction (Art. 18(1))',
	legal_claim: 'a legal claim (Art. 17(3)(e), 18(1)(c))',
	authority: 'an authority’s order'
} as const;
export type Ground = keyof typeof grounds;
/** The grounds that a person gives. */
export const groundsByHand = ['restriction', 'legal_claim', 'authority'] as const satisfies readonly Ground[];
export type GroundByHand = (typeof groundsByHand)[number];

export const endings = ['request_closed', 'unbound', 'time_over', 'not_confirmed', 'by_hand'] as const;
export type HoldEnding = (typeof endings)[number];

/** For so long a hold by hand holds without a second person. */
export const confirmWithinMs = 24 * 3600_000;

interface Standing {
	readonly request: string;
	readonly until: Date;
	readonly confirmedBy: string;
	readonly ended: Date | undefined;
}

/** Why a hold ends by itself now; undefined while it stands, and for one that has ended. */
export function endingOf({ request, until, confirmedBy, ended }: Standing, now: Date): HoldEnding | undefined {
	if (ended || now < until) return undefined;
	return request || confirmedBy ? 'time_over' : 'not_confirmed';
}

/** Whether it needs a second person, who is not there yet. */
export function isUnconfirmed({ request, confirmedBy, ended }: Standing): boolean {
	return !request && !confirmedBy && !ended;
}
