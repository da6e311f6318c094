import { rm } from 'node:fs/promises';
import { raceForHours } from './bookings/racing.ts';
import { foundTemplate, houseOn } from '../support/house-on.ts';

// Twenty contact persons want one kiosk's very hour at once, again and again: exactly one gets it, and the others are
// told that it was just taken, and offered the next ones. `npm run faults -- bookings [rounds] [clients]`

const [rounds = 1000, clients = 20] = process.argv.slice(2).map(Number);
const template = await foundTemplate();
const house = await houseOn(template);
try {
	const began = performance.now();
	const raced = await raceForHours(house, rounds, {
		clients,
		onRound: (round) => process.stderr.isTTY && process.stderr.write(`\r${round} of ${rounds} …`)
	});
	const { oneWinner, losers, nextOffered } = raced;
	console.table([{ rounds, clients, 'exactly one winner': oneWinner, ...losers, 'next times offered': nextOffered }]);
	console.log(`in ${((performance.now() - began) / 1000).toFixed(0)} s`);
	const told = losers['conflict: slot_taken'] ?? 0;
	if (oneWinner < rounds || nextOffered < rounds || told !== rounds * (clients - 1)) process.exitCode = 1;
} finally {
	await house.close();
	await rm(template.data, { recursive: true, force: true });
}
