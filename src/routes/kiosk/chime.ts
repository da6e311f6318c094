const notes = [
	{ hertz: 660, at: 0 },
	{ hertz: 880, at: 0.25 }
];
const loudest = 0.2;
const lasts = 0.6;

/** Two soft notes, for whoever does not look at the screen. The only sound that the screens make by themselves. */
export async function chime(): Promise<void> {
	const context = new AudioContext();
	try {
		await Promise.race([context.resume(), new Promise((resolve) => setTimeout(resolve, 500))]);
		const begin = context.currentTime;
		for (const { hertz, at } of notes) {
			const gain = new GainNode(context, { gain: 0 });
			const note = new OscillatorNode(context, { frequency: hertz });
			gain.gain.setValueAtTime(0, begin + at);
			gain.gain.linearRampToValueAtTime(loudest, begin + at + 0.03);
			gain.gain.exponentialRampToValueAtTime(0.001, begin + at + lasts);
			note.connect(gain).connect(context.destination);
			note.start(begin + at);
			note.stop(begin + at + lasts);
		}
		await new Promise((resolve) => setTimeout(resolve, (lasts + 0.5) * 1000));
	} finally {
		await context.close();
	}
}
