import { Failure } from '#failures.ts';
import type { Register } from '#register.server.ts';
import { refusal } from '#staff/duty.ts';
import { kiosks, type Kiosk } from './kiosk.ts';
import { offices } from './office.ts';
import type { ContactPerson } from './verification.ts';

/** Wrong codes at a kiosk: somebody there may need help, or guesses. */
export interface Alarm {
	kiosk: string;
	kioskName: string;
	officeName: string;
	/** How many wrong codes in this quarter of an hour. */
	wrong: number;
	/** Why the last one was refused, as a code; the visitor was told nothing of it. */
	reason: string;
	locked: boolean;
	/** When the kiosk forgets them by itself. */
	until: Date;
}

/** The kiosks with wrong codes at the offices where this person serves. */
export async function alarms(register: Register, { person, as }: ContactPerson): Promise<Alarm[]> {
	const reason = refusal(person, 'desk', register.now());
	if (reason) throw new Failure('refused', reason);
	const perOffice = await Promise.all(
		person.offices.map((office) =>
			kiosks(as).list({ filter: "office = {:office} && revoked = ''", params: { office }, sort: 'name' })
		)
	);
	const found = await Promise.all(perOffice.flat().map((kiosk) => alarm(register, as, kiosk)));
	return found.filter((one) => one !== undefined);
}

async function alarm(register: Register, as: ContactPerson['as'], kiosk: Kiosk): Promise<Alarm | undefined> {
	const wrong = await register.codeLimits.of(kiosk.id);
	if (!wrong) return undefined;
	return {
		kiosk: kiosk.id,
		kioskName: kiosk.name,
		officeName: (await offices(as).one(kiosk.office)).name,
		wrong: wrong.count,
		reason: wrong.reason,
		locked: wrong.locked,
		until: new Date(register.now().getTime() + wrong.endsInMs)
	};
}

/** An office with so many wrong codes in an hour that somebody guesses; each kiosk's own limit holds beside it. */
export interface OfficeAlarm {
	office: string;
	officeName: string;
	wrong: number;
	/** When the hour is over. */
	until: Date;
}

/** The offices with too many wrong codes, of those where this person serves. */
export async function officeAlarms(register: Register, { person, as }: ContactPerson): Promise<OfficeAlarm[]> {
	const reason = refusal(person, 'desk', register.now());
	if (reason) throw new Failure('refused', reason);
	const found = await Promise.all(
		person.offices.map(async (office) => {
			const wrong = await register.codeLimits.tooManyAt(office);
			if (!wrong) return [];
			const until = new Date(register.now().getTime() + wrong.endsInMs);
			return [{ office, officeName: (await offices(as).one(office)).name, wrong: wrong.count, until }];
		})
	);
	return found.flat();
}

/** Lets a kiosk take codes again at once. Refuses, in the log too, whoever does not serve at its office. */
export async function unlock(register: Register, { person, as }: ContactPerson, kioskId: string): Promise<void> {
	const said = { action: 'unlock_kiosk', actor: person.id, role: 'contact_person', purpose: 'subject_access' } as const;
	const reason = refusal(person, 'desk', register.now());
	const kiosk = reason ? undefined : await kiosks(as).one(kioskId);
	const why = reason ?? (kiosk && person.offices.includes(kiosk.office) ? undefined : 'other_office');
	const where = { kiosk: kiosk?.id, office: kiosk?.office };
	if (why) {
		await register.accessLog.append({ ...said, ...where, outcome: 'refused', reason: why });
		throw new Failure('refused', why);
	}
	await register.accessLog.append({ ...said, ...where, outcome: 'done' });
	await register.codeLimits.forget(kioskId);
	register.news.tell(kiosk ? { kiosk: kiosk.id, office: kiosk.office } : {});
}
