import { international } from '#recordings/mask.ts';

/**
 * A name in one spelling: without case, accents, dots and order of its parts, so that "Väre, Leila" and "leila vare"
 * are alike. Empty when there is nothing to compare.
 */
export function alikeName(name: string): string {
	return plain(name)
		.split(/[^\p{L}\p{N}]+/u)
		.filter(Boolean)
		.sort()
		.join(' ');
}

/** How to reach somebody in one spelling: numbers in international form, addresses without case and blanks. */
export function alikeReach(reach: string): string {
	const dialled = international(reach);
	if (/^\+?\d{6,}$/.test(dialled)) return dialled;
	return plain(reach).replaceAll(/[\s,;]+/g, '');
}

/** The fields of a row by which likely duplicates of it are found. */
export function alikeFields({ name, reach }: { name: string; reach: string }) {
	return { alike_name: alikeName(name).slice(0, 300), alike_reach: alikeReach(reach).slice(0, 300) };
}

function plain(text: string): string {
	return text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();
}
