/**
 * The benchmarks in the order in which all of them run, each with the words for a run so short that the whole takes less
 * than twenty minutes on two cores. By itself, without words, each measures at its full size.
 */
export const short: Record<string, string[]> = {
	audio: ['5'],
	listeners: ['60'],
	'first-sound': ['20'],
	log: ['300000'],
	'log-reading': ['300000'],
	requests: ['5000', '10', '15'],
	'sign-in': [],
	import: ['10'],
	sweep: ['500'],
	search: ['50000', '20'],
	growth: ['100000', '3000'],
	pages: ['5', '20', '5000'],
	'cold-start': ['5'],
	sizes: []
};
