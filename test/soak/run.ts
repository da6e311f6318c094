import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { plot } from '../support/plot.ts';
import { growth, soak, type Sample } from './soak.ts';

// `npm run soak -- --minutes N [--browsers 2] [--kiosks 6] [--plot FILE]`: visits without a pause, and what is held
// meanwhile. Exit code 1 when a visit did not go to its end, or when what is held grew by 5 % or more after the warm-up
// (in less than ten minutes that is only told: a warm-up takes some).

const { values } = parseArgs({
	options: {
		minutes: { type: 'string', default: '30' },
		browsers: { type: 'string', default: '2' },
		kiosks: { type: 'string', default: '6' },
		plot: { type: 'string' }
	}
});
const [minutes, browsers, kiosks] = [values.minutes, values.browsers, values.kiosks].map(Number) as [
	number,
	number,
	number
];
const held = {
	heap: 'live heap of the server',
	server: 'memory of the server',
	database: 'memory of PocketBase',
	browser: `live heap of ${browsers} kiosk pages`
} as const;
const names = Object.keys(held) as (keyof typeof held)[];
const megabytes = (bytes: number): number => Math.round(bytes / 1e4) / 100;

const everySeconds = Math.max(2, minutes / 2);
const done = await soak({
	minutes,
	browsers,
	kiosks,
	everySeconds,
	told: ({ seconds, visits, ...sizes }) =>
		console.log(
			`${Math.round(seconds)} s, ${visits} visits: ${names.map((name) => `${held[name]} ${megabytes(sizes[name])} MB`).join(', ')}`
		)
});
const rows = names.map((name) => {
	const at = (sample: Sample | undefined): number => megabytes(sample?.[name] ?? NaN);
	const { samples } = done;
	return {
		what: held[name],
		'after the warm-up, MB': at(samples[Math.floor(samples.length / 3)]),
		'at the end, MB': at(samples.at(-1)),
		'growth of the medians, %': (growth(samples, name) * 100).toFixed(1)
	};
});
console.table(rows);
console.log(
	`${done.visits.browsers} visits in ${browsers} browsers, ${done.visits.synthetic} at ${kiosks} synthetic kiosks; ${done.log}`
);
if (values.plot) {
	const lines = names.map((name) => ({
		name: held[name],
		points: done.samples
			.filter((sample) => !Number.isNaN(sample[name]))
			.map((sample) => [sample.seconds / 60, megabytes(sample[name])] as const)
	}));
	writeFileSync(values.plot, plot('What is held while visits go on', { label: 'minutes' }, { label: 'MB' }, lines));
}
for (const fault of done.faults) console.error(`a kiosk stopped: ${fault}`);
const grown = minutes >= 10 ? names.filter((name) => growth(done.samples, name) >= 0.05) : [];
for (const name of grown) console.error(`${held[name]} grew by 5 % or more`);
if (!done.alive) console.error('server or database are not what they were at the beginning');
if (done.faults.length > 0 || grown.length > 0 || !done.alive) process.exitCode = 1;
