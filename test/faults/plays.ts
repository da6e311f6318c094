import { canWatch, watchPlays } from '../support/watched-plays.ts';

// Whether each play's line was on the disk before the first byte of its sound left, as the system saw it.
// `npm run faults -- plays [plays]`

const [plays = 50] = process.argv.slice(2).map(Number);
if (canWatch()) {
	const { inOrder, wrong } = await watchPlays(plays);
	console.log(`${plays} plays, ${inOrder} with their line on the disk before the first byte of sound`);
	for (const one of wrong) console.error(one);
	if (inOrder < plays) process.exitCode = 1;
} else console.log('skipped: strace cannot watch a process on this machine');
