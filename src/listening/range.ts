/** A stretch of bytes: from `start`, up to but without `end`. */
export interface Stretch {
	readonly start: number;
	readonly end: number;
}

const oneByteRange = /^bytes=(?:(\d+)-(\d*)|-(\d+))$/i;

/**
 * Which bytes of `size` a Range header asks for (RFC 9110 § 14). Undefined means the whole: there is no header, or it
 * is of another unit, malformed, or asks for several ranges, which § 14.2 lets a server ignore.
 * Answers 'unsatisfiable' when the range lies outside the content (416).
 */
export function asked(header: string | undefined, size: number): Stretch | 'unsatisfiable' | undefined {
	const [matched, first, last, suffix] = oneByteRange.exec(header ?? '') ?? [];
	if (matched === undefined) return undefined;
	const start = first === undefined ? Math.max(0, size - Number(suffix)) : Number(first);
	const end = last ? Math.min(size, Number(last) + 1) : size;
	if (first !== undefined && last && Number(last) < Number(first)) return undefined;
	return start < end ? { start, end } : 'unsatisfiable';
}
