import { error, fail, redirect, type RequestEvent } from '@sveltejs/kit';
import { isFailure, Failure, type FailureKind } from '#failures.ts';
import type { Client } from '#pocketbase/pocketbase.ts';
import type { Register } from '#register.server.ts';
import { refusal, roleOf, type Duty } from '#staff/duty.ts';
import type { Person, Role } from '#staff/person.ts';
import { isFresh, type Session } from '#staff/session.ts';
import { whoIs } from '#staff/sign-in.ts';

/** The one table from the core's failures to HTTP; `ui/words` has the words for each kind. */
const statuses: Record<FailureKind, number> = {
	refused: 403,
	missing: 404,
	conflict: 409,
	invalid: 400,
	too_late: 410,
	unavailable: 503
};

/** What a guarded page gets: the register, who is there, and the database as that person sees it. */
export interface Door {
	register: Register;
	person: Person;
	as: Client;
	session: Session;
}

/** What a page needs: one duty, or any of several. */
type Wanted = Duty | readonly [Duty, ...Duty[]];
/** The door of a guarded page, and the role under which the person came through it, for the log. */
export interface GuardedDoor extends Door {
	role: Role;
}

interface Demands {
	/** They must have proved within five minutes who they are, and are asked to first if they have not. */
	stepUp?: boolean;
}

type Work<E extends RequestEvent, T> = (door: GuardedDoor, event: E) => Promise<T>;

/** Guards a load or an endpoint: whoever has not this duty, or none of these, now is refused, in the log too. */
export function guarded<E extends RequestEvent, T>(
	duty: Wanted,
	work: Work<E, T>,
	demands: Demands = {}
): (event: E) => Promise<T> {
	return async (event) => answered(async () => work(await enter(event, duty, demands), event));
}

/**
 * Guards a form action: what the person can mend comes back to the form, with what they typed left to the page. That they
 * may not be here any more is no fault of the form: they get the page that says so.
 */
export function guardedAction<E extends RequestEvent, T>(duty: Wanted, work: Work<E, T>, demands: Demands = {}) {
	return async (event: E) => {
		const door = await answered(() => enter(event, duty, demands));
		try {
			return await work(door, event);
		} catch (fault) {
			return failed(fault);
		}
	};
}

/** Runs work that anybody may ask for (the kiosk's, the sign-in page's) and turns a Failure into its HTTP error. */
export async function answered<T>(work: () => Promise<T>): Promise<T> {
	try {
		return await work();
	} catch (fault) {
		if (!isFailure(fault)) throw fault;
		error(statuses[fault.kind], { message: fault.kind, kind: fault.kind, reason: fault.reason });
	}
}

/** A Failure as the answer of a form action; anything else goes on. */
export function failed(fault: unknown) {
	if (!isFailure(fault)) throw fault;
	const { kind, reason, field } = fault;
	return fail(statuses[kind], { failure: { kind, reason, field } });
}

/** The signed-in person, or a redirect to the sign-in page. */
export async function signedIn({ locals, url }: RequestEvent): Promise<Door> {
	const { register, session } = locals;
	const person = session && (await whoIs(register, session));
	if (!session || !person) redirect(303, `/console/sign-in?to=${encodeURIComponent(url.pathname)}`);
	return { register, person, session, as: register.pocketbase.as(session.token) };
}

async function enter(event: RequestEvent, wanted: Wanted, { stepUp = false }: Demands): Promise<GuardedDoor> {
	const door = await signedIn(event);
	const { register, person } = door;
	const duties = typeof wanted === 'string' ? [wanted] : wanted;
	const answers = duties.map((duty) => ({ role: roleOf(duty), reason: refusal(person, duty, register.now()) }));
	const may = answers.find(({ reason }) => reason === undefined);
	if (may) {
		// A form that is sent too late comes back empty: so the page that shows it demands a step-up too.
		if (stepUp && !isFresh(door.session, register.now())) {
			redirect(303, `/console/confirm?to=${encodeURIComponent(event.url.pathname)}`);
		}
		return { ...door, role: may.role };
	}
	// Of several, the one whose role the person holds says best why not.
	const { role, reason = 'wrong_role' } = answers.find((one) => one.reason !== 'wrong_role') ?? answers[0] ?? {};
	await register.accessLog.append({
		action: 'enter_console',
		actor: person.id,
		// In none of the roles that it takes: the log must not say that they came in one of them.
		role: reason === 'wrong_role' || !role ? 'unknown' : role,
		outcome: 'refused',
		reason
	});
	throw new Failure('refused', reason);
}
