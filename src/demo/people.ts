import type { Role } from '#staff/person.ts';

/** One password for every invented person. */
export const password = 'kuuntelupiste';

export const teams = ['Pakettineuvonta', 'Muuttoneuvonta', 'Puhelinmyynti'];

interface DemoPerson {
	signInName: string;
	name: string;
	roles: Role[];
	team?: string;
	supervises?: string[];
}

/** Invented people; the first five are the ones to sign in as. */
export const people: DemoPerson[] = [
	{ signInName: 'contact', name: 'Kaisa Koivuranta', roles: ['contact_person'] },
	{ signInName: 'agent', name: 'Aapo Aarnisalo', roles: ['agent'], team: 'Pakettineuvonta' },
	{
		signInName: 'supervisor',
		name: 'Sirkka Selänniemi',
		roles: ['supervisor'],
		supervises: ['Pakettineuvonta', 'Puhelinmyynti']
	},
	{ signInName: 'maintainer', name: 'Matias Mäntyharju', roles: ['maintainer'] },
	{ signInName: 'auditor', name: 'Auli Aavasaari', roles: ['auditor'] },
	{ signInName: 'aino', name: 'Aino Ahtisalmi', roles: ['agent'], team: 'Pakettineuvonta' },
	{ signInName: 'bengt', name: 'Bengt Björkskär', roles: ['agent'], team: 'Muuttoneuvonta' },
	{ signInName: 'carola', name: 'Carola Cedersund', roles: ['agent'], team: 'Muuttoneuvonta' },
	{ signInName: 'daniel', name: 'Daniel Dalström', roles: ['agent'], team: 'Puhelinmyynti' },
	{ signInName: 'emma', name: 'Emma Eteläharju', roles: ['agent'], team: 'Puhelinmyynti' }
];

const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const workdays = (from: string, to: string): Record<string, string[][]> =>
	Object.fromEntries(weekdays.map((day, index) => [day, index < 5 ? [[from, to]] : []]));

/** Invented places. The first never closes, so that the demo can be tried at any hour. */
export const offices = [
	{
		name: 'Esittelypiste (aina auki)',
		address: 'Mallikatu 1, 00000 Mallila',
		opening_hours: Object.fromEntries(weekdays.map((day) => [day, [['00:00', '24:00']]])),
		exceptions: {},
		slot_minutes: 30
	},
	{
		name: 'Keskustan toimipiste',
		address: 'Esimerkinaukio 2, 00000 Mallila',
		opening_hours: workdays('09:00', '17:00'),
		exceptions: {},
		slot_minutes: 60
	},
	{
		name: 'Sataman toimipiste',
		address: 'Keksitynranta 3, 00000 Mallila',
		opening_hours: workdays('10:00', '18:00'),
		exceptions: {},
		slot_minutes: 60
	}
];
