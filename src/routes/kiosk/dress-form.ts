import * as v from 'valibot';
import { firstVolume, volumeSteps } from '#ui/player/loudness.ts';
import type { Dress } from './dress.ts';

const yes = v.pipe(
	v.picklist(['true', 'false']),
	v.transform((said) => said === 'true')
);
const step = v.pipe(v.string(), v.transform(Number), v.integer(), v.minValue(1), v.maxValue(volumeSteps));

/** A dress as a form or a cookie brings it. */
export const DressForm = v.object({ large: yes, contrast: yes, still: yes, volume: step });

/** How every visitor finds screen and sound. */
export const plainDress: Dress = { large: false, contrast: false, still: false, volume: firstVolume };
