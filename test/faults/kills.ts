import { randomFrom } from '../core/access-log/mutate.ts';
import { killCycles } from './kills/cycles.ts';

// The server, PocketBase, both, or a command beside them, are killed outright in the middle of what they do: afterwards
// nothing that was acknowledged is lost, the log verifies, no hour is booked twice, every recording has its sound.
// `npm run faults -- kills [cycles] [seed] [deed]`

const [cycles = 300, seed = 20261125] = process.argv.slice(2, 4).map(Number);
const [only] = process.argv.slice(4);
const began = performance.now();
const { tallies, faults } = await killCycles(cycles, {
	random: randomFrom(seed),
	...(only ? { only } : {}),
	onCycle: (cycle) =>
		process.stderr.isTTY
			? process.stderr.write(`\r${cycle} of ${cycles} …`)
			: cycle % 25 === 0 && console.log(`${cycle} of ${cycles} …`)
});
console.table(tallies);
for (const fault of faults) console.error(fault);
const sum = (of: 'acknowledged' | 'lost' | 'wrong'): number => tallies.reduce((all, one) => all + one[of], 0);
console.log(
	`${cycles} kills, ${sum('acknowledged')} acknowledged, ${sum('lost')} lost, ${sum('wrong')} otherwise wrong, ${faults.length} faults (seed ${seed}, ${((performance.now() - began) / 1000).toFixed(0)} s)`
);
if (faults.length > 0) process.exitCode = 1;
