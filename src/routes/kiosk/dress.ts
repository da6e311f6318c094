import * as v from 'valibot';
import { firstVolume, volumeSteps } from '#ui/player/loudness.ts';

const yes = v.pipe(
	v.picklist(['true', 'false']),
	v.transform((said) => said === 'true')
);
const step = v.pipe(v.string(), v.transform(Number), v.integer(), v.minValue(1), v.maxValue(volumeSteps));

/** How a visitor has set the screen and the sound; a form's fields. */
export const Dress = v.object({ large: yes, contrast: yes, still: yes, volume: step });
export type Dress = v.InferOutput<typeof Dress>;

/** How every visitor finds them. */
export const plainDress: Dress = { large: false, contrast: false, still: false, volume: firstVolume };

/** As a form's fields. */
export function fieldsOf(dress: Dress): Record<keyof Dress, string> {
	const { large, contrast, still, volume } = dress;
	return { large: String(large), contrast: String(contrast), still: String(still), volume: String(volume) };
}
