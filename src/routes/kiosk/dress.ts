/** How a visitor has set the screen and the sound. */
export interface Dress {
	large: boolean;
	contrast: boolean;
	still: boolean;
	/** A step of volume. */
	volume: number;
}

/** As a form's fields. */
export function fieldsOf({ large, contrast, still, volume }: Dress): Record<keyof Dress, string> {
	return { large: String(large), contrast: String(contrast), still: String(still), volume: String(volume) };
}
