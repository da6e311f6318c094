// The two ways of G.711 to write a sample of telephone sound in eight bits, as tables of 256 values of 16 bits.

export const alaw = Int16Array.from({ length: 256 }, (_, byte) => {
	const code = byte ^ 0x55;
	const [segment, step] = [(code >> 4) & 7, code & 15];
	const level = segment === 0 ? (step << 4) + 8 : ((step << 4) + 264) << (segment - 1);
	return code & 0x80 ? level : -level;
});

export const mulaw = Int16Array.from({ length: 256 }, (_, byte) => {
	const code = byte ^ 0xff;
	const level = (((code & 15) << 3) + 132) << ((code >> 4) & 7);
	return code & 0x80 ? 132 - level : level - 132;
});
