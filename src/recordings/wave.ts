/**
 * Whether a WAV file (RIFF) is shorter than its own data chunk says; ffmpeg takes what is there and is silent about it.
 * A file that was written through a pipe does not know its length (0 or all ones): nothing can be missed there.
 */
export function isCutOff(bytes: Uint8Array): boolean {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
	const name = (at: number): string => String.fromCharCode(...bytes.subarray(at, at + 4));
	if (name(0) !== 'RIFF') return false;
	let at = 12;
	while (at + 8 <= bytes.length) {
		const size = view.getUint32(at + 4, true);
		if (name(at) === 'data') return size !== 0xffffffff && at + 8 + size > bytes.length;
		// Chunks begin on even places.
		at += 8 + size + (size % 2);
	}
	return true;
}
