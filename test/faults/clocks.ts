import { clockCases } from './clocks/cases.ts';

// The machine's clock is set ahead and back, by an hour, a day and a year, under a server that runs and before one that
// starts; then hours are booked in the nights when the clocks change: what must hold is asked of the files on the disk.
// Debian's faketime sets the server's clock only: PocketBase (Go) reads the system's, past every library.
// `npm run faults -- clocks ["case" …]`

const names = process.argv.slice(2);
const cases = await clockCases({
	only: names.length > 0 ? names : undefined,
	onCase: (name) => console.log(`${name} …`)
});
console.table(
	cases.map(({ name, wrong }) => ({ case: name, wrong: wrong.length === 0 ? 'nothing' : wrong.join('; ') }))
);
if (cases.length === 0 || cases.some(({ wrong }) => wrong.length > 0)) process.exitCode = 1;
