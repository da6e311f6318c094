import * as v from 'valibot';
import { exportDay } from '#retention/key-export.ts';
import { reconcile } from '#retention/reconcile.ts';
import type { Register } from '#register.server.ts';

const hand = v.object({ signInName: v.string(), password: v.string(), code: v.string() });

/** What a command has done by whoever holds the register: the running server, or the command alone. */
export const orders = {
	sweep: order(v.object({ agreed: v.optional(v.number()) }), (register, { agreed }) =>
		register.sweeps.run(register, { agreed })
	),
	reconcile: order(v.object({ remove: v.boolean() }), (register, given) =>
		register.sweeps.alone(() => reconcile(register, given))
	),
	noteBackup: order(v.object({}), async (register) => {
		await register.accessLog.append({
			action: 'make_backup',
			role: 'system',
			purpose: 'administration',
			outcome: 'done'
		});
		return {};
	}),
	noteDrill: order(v.object({ recordings: v.number() }), async (register, { recordings }) => {
		await register.accessLog.append({
			action: 'restore_drill',
			role: 'system',
			purpose: 'administration',
			outcome: 'done',
			measures: { recordings }
		});
		return {};
	}),
	exportDay: order(v.object({ day: v.string(), hands: v.tuple([hand, hand]) }), (register, { day, hands }) =>
		exportDay(register, day, hands)
	)
};
export type Orders = typeof orders;
export type OrderName = keyof Orders;
export type Given<N extends OrderName> = Parameters<Orders[N]>[1];
export type Answer<N extends OrderName> = Awaited<ReturnType<Orders[N]>>;

/** The input is checked once more on the side of the server; the answer must be plain data. */
function order<S extends v.GenericSchema, T>(
	schema: S,
	work: (register: Register, given: v.InferOutput<S>) => Promise<T>
): (register: Register, given: v.InferInput<S>) => Promise<T> {
	return async (register, given) => work(register, v.parse(schema, given));
}
