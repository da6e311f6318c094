import type { Duty } from '#staff/duty.ts';
import type { Role } from '#staff/person.ts';
import { everyRole } from './pages.ts';

// The authorisation matrix of the design ("Who may do what"), in words, beside the product's own three walls: the pure
// functions, the server's answers, PocketBase's rules. Whoever is not named may not.

/** In how many days a training ends; null for never trained. */
export const trainings = { valid: 100, expired: -1, missing: null } as const;
export type Training = keyof typeof trainings;
/** Whose call it is, or who is changed: they themselves, one of their team, of another, who was in theirs until just now. */
export const whose = ['own', 'team', 'other', 'former'] as const;
export type Whose = (typeof whose)[number];

/** Somebody with one role. */
export interface Someone {
	role: Role;
	training: Training;
	active: boolean;
}
const everyTraining = ['valid', 'expired', 'missing'] as const;
export const everybody: Someone[] = everyRole.flatMap((role) =>
	everyTraining.flatMap((training) => [true, false].map((active) => ({ role, training, active })))
);
/** Those whose changes are tried: of the inactive one a role, since their training cannot make a difference. */
export const changers = everybody.filter(({ active, training }) => active || training === 'valid');

/** Whose calls a role sees and hears, with a training in date. */
export const calls: Record<Role, readonly Whose[]> = {
	contact_person: [],
	agent: ['own'],
	supervisor: ['team'],
	maintainer: [],
	auditor: []
};

type Who = Role | 'trained contact_person';

/** A page, by which of its duties one comes to it, and who; and what of it the database shows with nothing planted but a request. */
export interface Place {
	address: string;
	duties: readonly Duty[];
	who: readonly Who[];
	inDatabase?: string;
}
const desk = { duties: ['desk'], who: ['trained contact_person'] } as const;
const upkeep = { duties: ['upkeep'], who: ['maintainer'] } as const;
const audit = { duties: ['audit'], who: ['auditor'] } as const;
const proofs = { duties: ['desk', 'audit'], who: ['trained contact_person', 'auditor'] } as const;
export const places: readonly Place[] = [
	{ address: '/console/requests', ...desk, inDatabase: 'requests' },
	{ address: '/console/requests/new', ...desk },
	{ address: '/console/today', ...desk },
	{ address: '/console/calendar', ...desk },
	{ address: '/console/people', ...upkeep },
	{ address: '/console/people/new', ...upkeep },
	{ address: '/console/people/import', ...upkeep },
	{ address: '/console/teams', ...upkeep },
	{ address: '/console/offices', ...upkeep },
	{ address: '/console/kiosks', ...upkeep },
	{ address: '/console/intake', ...upkeep },
	{ address: '/console/training', duties: ['train_anyone', 'train_team'], who: ['maintainer', 'supervisor'] },
	{ address: '/console/holds', ...proofs },
	{ address: '/console/destructions', ...proofs },
	{ address: '/console/proof', duties: ['audit', 'upkeep'], who: ['auditor', 'maintainer'] },
	{ address: '/console/log', ...audit },
	{ address: '/console/log/odd', ...audit },
	{ address: '/console/log/figures', ...audit, inDatabase: 'request_figures' }
];

const others = ['team', 'other', 'former'] as const;
/** Whose record a role changes; no training is asked for. */
export const records = {
	change_person: { maintainer: others },
	give_password: { maintainer: others },
	record_training: { maintainer: others, supervisor: ['team'] }
} as const satisfies Record<string, Partial<Record<Role, readonly Whose[]>>>;
export type RecordChange = keyof typeof records;

/** Who changes what is nobody's record; no training is asked for. */
export const house = {
	add_person: 'maintainer',
	import_people: 'maintainer',
	add_team: 'maintainer',
	rename_team: 'maintainer',
	add_office: 'maintainer',
	change_office: 'maintainer',
	pair_kiosk: 'maintainer',
	change_kiosk: 'maintainer',
	revoke_kiosk: 'maintainer'
} as const satisfies Record<string, Role>;
export type HouseChange = keyof typeof house;

/** Where, when and at what a visit is released. */
export const offices = ['their office', 'another office'] as const;
export const hours = ['in the slot', 'before the slot', 'after the slot'] as const;
export const devices = ['paired', 'revoked'] as const;

/** A trained contact person releases a visit at an office of theirs, in the slot, at a kiosk that has its right. */
export function mayRelease(
	someone: Someone,
	office: (typeof offices)[number],
	hour: (typeof hours)[number],
	device: (typeof devices)[number]
): boolean {
	const all = office === 'their office' && hour === 'in the slot' && device === 'paired';
	return all && isAmong(someone, ['trained contact_person']);
}

/** Who writes into a collection of PocketBase with their own token. Nobody deletes anything, and views take nothing. */
export const writers: Record<string, { create: readonly Who[]; update: readonly Who[] }> = {
	staff: { create: ['maintainer'], update: ['maintainer'] },
	teams: { create: ['maintainer'], update: ['maintainer'] },
	trainings: { create: ['maintainer', 'supervisor'], update: [] },
	offices: { create: ['maintainer'], update: ['maintainer'] },
	kiosks: { create: ['maintainer'], update: ['maintainer'] },
	requests: { create: ['trained contact_person'], update: ['trained contact_person'] },
	appointments: { create: ['trained contact_person'], update: ['trained contact_person'] },
	visits: { create: [], update: ['trained contact_person'] },
	// Somebody else's, to confirm it.
	holds: { create: ['trained contact_person'], update: ['trained contact_person', 'auditor'] },
	recordings: { create: [], update: [] },
	intake_runs: { create: [], update: [] },
	destructions: { create: [], update: [] },
	destroyed_keys: { create: [], update: [] },
	destruction_days: { create: [], update: [] },
	services: { create: [], update: [] }
};
export const views = ['appointment_figures', 'calls', 'hold_figures', 'request_figures', 'training_figures'];

/** Whether somebody is among these. */
export function isAmong({ role, training, active }: Someone, these: readonly Who[]): boolean {
	return active && (these.includes(role) || (training === 'valid' && these.some((one) => one === `trained ${role}`)));
}
