import type { Register } from '#register.server.ts';
import { people } from '#staff/person.ts';
import type { Seeker } from './calls.ts';

/** One time somebody listened to a call. */
export interface HeardBy {
	readonly at: Date;
	readonly role: string;
	readonly purpose: string;
	/** Their name, where this seeker may know them: themselves, and a supervisor their subordinates. */
	readonly name: string | undefined;
	readonly isSelf: boolean;
}

const most = 50;

/**
 * Who has listened to a call, newest first, at most 50, as the access log says (§ 8e). Names are read as the seeker, so
 * the database decides whom they may know by name; of everybody else the role is told.
 */
export async function heardBy(register: Register, { person, as }: Seeker, recording: string): Promise<HeardBy[]> {
	const where = { recording, action: 'listen_begin', outcome: 'done' };
	const entries = await register.accessLog.read({ limit: most, where });
	const staff = new Set(entries.flatMap(({ actor, role }) => (actor && role !== 'customer' ? [actor] : [])));
	const names = new Map<string, string>();
	await Promise.all(
		[...staff].map(async (id) => {
			const known = await people(as).first({ filter: 'id = {:id}', params: { id } });
			if (known) names.set(id, known.name);
		})
	);
	return entries.map(({ at, actor = '', role, purpose = '' }) => ({
		at: new Date(at),
		role,
		purpose,
		name: names.get(actor),
		isSelf: actor === person.id
	}));
}
