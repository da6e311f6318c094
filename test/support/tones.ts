const rate = 8000;

/** Bytes of G.711 A-law, 8 kHz, channels interleaved, as a WAV file. */
export function alaw(body: Uint8Array, channels: number): Uint8Array {
	const header = Buffer.alloc(44);
	header.write('RIFF', 0);
	header.writeUInt32LE(36 + body.length, 4);
	header.write('WAVEfmt ', 8);
	header.writeUInt32LE(16, 16);
	header.writeUInt16LE(6, 20);
	header.writeUInt16LE(channels, 22);
	header.writeUInt32LE(rate, 24);
	header.writeUInt32LE(rate * channels, 28);
	header.writeUInt16LE(channels, 32);
	header.writeUInt16LE(8, 34);
	header.write('data', 36);
	header.writeUInt32LE(body.length, 40);
	return Buffer.concat([header, body]);
}

/** Tones as A-law in WAV, a channel for each: `level` is the amplitude, 1 the loudest. */
export function tones(seconds: number, channels: readonly { hertz: number; level: number }[]): Uint8Array {
	const samples = seconds * rate;
	const body = new Uint8Array(samples * channels.length);
	for (const [channel, { hertz, level }] of channels.entries()) {
		for (let at = 0; at < samples; at++) {
			const sample = Math.sin((2 * Math.PI * hertz * at) / rate) * level * 32_767;
			body[at * channels.length + channel] = companded(sample);
		}
	}
	return alaw(body, channels.length);
}

/** One sample of 16 bits in A-law (ITU-T G.711 § 3.1). */
function companded(sample: number): number {
	const sign = sample >= 0 ? 0x80 : 0;
	const magnitude = Math.min(4095, Math.floor(Math.abs(sample) / 8));
	const segment = Math.max(0, 31 - Math.clz32(magnitude) - 4);
	const step = (magnitude >> Math.max(1, segment)) & 0x0f;
	return (sign | (segment << 4) | step) ^ 0x55;
}
