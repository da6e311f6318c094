import { isFailure } from '#failures.ts';
import { written } from '#pocketbase/collection.ts';
import * as requests from '#requests/request.ts';
import { appointments } from '#visits/appointment-row.ts';
import * as booking from '#visits/booking.ts';
import { offers } from '#visits/offers.ts';
import type { House } from '../../support/house-on.ts';
import * as plant from '../../support/plant.ts';

const day = 24 * 3600_000;

/** What came of some rounds in which everybody wanted one kiosk's very hour at once. */
export interface Raced {
	rounds: number;
	/** Rounds with exactly one winner, whose hour the database has. */
	oneWinner: number;
	/** Everybody else, by the reason that they were told. */
	losers: Record<string, number>;
	/** Rounds in which a loser was then offered other times, the taken one not among them. */
	nextOffered: number;
}

/** So many requests, each with a contact person of its own, want one kiosk's next hour at once, round after round. */
export async function raceForHours(
	house: House,
	rounds: number,
	{ clients = 20, onRound = () => undefined }: { clients?: number; onRound?: (round: number) => unknown } = {}
): Promise<Raced> {
	const { register, superuser } = house;
	const office = await plant.office(house, { slot_minutes: 60 });
	const agent = await plant.person(house, ['agent']);
	const call = await plant.recording(house, agent.person, new Uint8Array(100));
	const desks = await Promise.all(
		// Two of them serve at the office; the others book for them.
		Array.from({ length: clients }, (_, one) =>
			plant.person(house, ['contact_person'], { offices: one < 2 ? [office.id] : [] })
		)
	);
	const kiosk = await plant.kiosk(house, office.id, desks[0]?.person.id ?? '');
	const asked = await Promise.all(
		desks.map(async (desk) => {
			const due = written(new Date(Date.now() + 80 * day));
			const fields = { state: 'matched', recordings: [call.id], due };
			return { desk, id: (await plant.request(house, desk.person.id, fields)).id };
		})
	);
	const raced: Raced = { rounds, oneWinner: 0, losers: {}, nextOffered: 0 };
	const [first] = asked;
	if (!first) throw new Error('nobody is there');
	const free = await offers(register, first.desk, await requests.requests(superuser).one(first.id), office.id);
	for (let round = 0; round < rounds; round++) {
		const wanted = free[24 + (round % 400)];
		if (!wanted) throw new Error('nothing is free');
		const place = { office: office.id, kiosk: kiosk.id, starts: wanted.starts };
		const tries = await Promise.allSettled(asked.map(({ desk, id }) => booking.book(register, desk, id, place)));
		const won = tries.flatMap((one, at) => (one.status === 'fulfilled' ? [{ at, hour: one.value }] : []));
		for (const one of tries) {
			if (one.status === 'fulfilled') continue;
			const fault: unknown = one.reason;
			const told = isFailure(fault) ? `${fault.kind}: ${fault.reason}` : String(fault);
			raced.losers[told] = (raced.losers[told] ?? 0) + 1;
		}
		const there = await appointments(superuser).list({
			filter: "kiosk = {:kiosk} && state = 'booked'",
			params: { kiosk: kiosk.id },
			sort: 'starts'
		});
		const [winner] = won;
		if (won.length === 1 && there.length === 1 && there[0]?.id === winner?.hour.id) raced.oneWinner++;
		const loser = asked[winner?.at === 0 ? 1 : 0] ?? first;
		const next = await offers(register, loser.desk, await requests.requests(superuser).one(loser.id), office.id);
		if (next.length > 2 && !next.some(({ starts }) => starts.getTime() === wanted.starts.getTime()))
			raced.nextOffered++;
		for (const { at, hour } of won) {
			const desk = asked[at]?.desk ?? first.desk;
			await booking.cancel(register, desk, hour.id, { by: 'us', why: 'mistake' });
		}
		onRound(round + 1);
	}
	return raced;
}
