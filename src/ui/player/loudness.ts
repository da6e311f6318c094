/** How many steps of volume there are, above silence which is none of them. */
export const volumeSteps = 10;
/** Where everybody begins. */
export const firstVolume = 6;

/** The element's volume for a step: steps that sound alike to the ear are no even steps of the amplitude. */
export function amplitude(step: number): number {
	return (step / volumeSteps) ** 2;
}
