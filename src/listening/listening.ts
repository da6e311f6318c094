import type { FileHandle } from 'node:fs/promises';
import type { Entry } from '#access-log/entry.ts';
import { Failure, isFailure } from '#failures.ts';
import type { Client } from '#pocketbase/pocketbase.ts';
import { recordings, type Recording } from '#recordings/recording.ts';
import type { Register } from '#register.server.ts';
import { fileSource, openSealed, type SealedReader } from '#sealing/sealed-file.ts';
import { excerpt, excerptType } from './excerpt.ts';
import { grant, type Check, type Grant, type Purpose, type Refusal } from './grant.ts';
import { isSame, nameOf, whoAndWhere, type Listener } from './listener.ts';
import { openSealedFile } from '#pocketbase/sealed-copy.ts';
import { joined, told, written as rangesWritten, type Ranges } from './ranges.ts';
import { groundOf, stands, type Standing } from './standing.ts';
import { Together } from './together.ts';

const heartbeatMs = 30_000;
/** A player that has not moved for so long is paused, or its listener gone. */
const soundingMs = 10_000;
/** The fastest speed of the player: nobody hears more than this many seconds in a second. */
const fastest = 2;

/** Which listenings are meant: all that agree in every field given, so `{}` means every one. */
export interface Match {
	kiosk?: string;
	visit?: string;
	person?: string;
	recording?: string;
	/** The request inside which somebody checks by ear. */
	check?: string;
}

/** An open listening, for the one who answers requests for its audio. */
export interface Hearing {
	readonly reader: SealedReader;
	readonly audioType: string;
	/** Calls `stop` the moment the listening ends; the answer forgets it again. */
	onEnd(stop: () => void): () => void;
	/** Ends it; `why` is a code. */
	end(why: string): Promise<void>;
	/**
	 * Whether it may go on for this asker: asks `who` it is and the database anew, unless nothing has changed since.
	 * Ends it and throws `refused` when not.
	 */
	goOn(asker: string, who: () => Promise<Listener | undefined>): Promise<void>;
}

type Permit = Grant & { readonly recording: Recording; readonly check: Check | undefined };

interface Listening {
	readonly listener: Listener;
	readonly recording: Recording;
	/** Set when it is a check by ear: then the reader has half a minute and no more. */
	readonly check: Check | undefined;
	/** What its lines in the log have in common. */
	readonly line: Omit<Entry, 'action'>;
	readonly began: Date;
	readonly stops: Set<() => void>;
	readonly idle: NodeJS.Timeout;
	reader: Promise<SealedReader>;
	/** The reader, once it is there. */
	open: SealedReader | undefined;
	/** What was said to whoever asked last. */
	standing: Standing | undefined;
	sealed: FileHandle | undefined;
	/** Whether its beginning is in the log, so that its end must be. */
	logged: boolean;
	ended: boolean;
	heardSeconds: number;
	toldSeconds: number;
	ranges: Ranges;
	beat: Date;
	/** When it began or last told that something more was heard. */
	moved: Date;
}

/**
 * The listenings of this process: one listener, one recording, from the first request for its audio to its end.
 * The only door to the audio: may they, log it, then open.
 */
export class Listenings {
	readonly #live = new Map<string, Listening>();
	/** The same by who asked for their audio last; what is known of them goes when the listening does. */
	readonly #byAsker = new Map<string, Listening>();
	readonly #purposes = new Map<string, Purpose>();
	readonly #checks = new Map<string, Check>();
	/** By kiosk: who was shown the player there, and of which recording. */
	readonly #expected = new Map<string, Standing>();
	readonly #rows = new Together<Recording | undefined>();
	/** Who is asking, by their cookies: asked once for requests that come together. */
	readonly identified = new Together<Listener | undefined>();
	readonly #idleMs: number;

	/** A listening without a request or a sign of life for `idleMs` ends by itself. */
	constructor({ idleMs = 10 * 60_000 } = {}) {
		this.#idleMs = idleMs;
	}

	/** How many listenings there are now. */
	get count(): number {
		return this.#live.size;
	}

	/** Whether somebody hears something just now: more than an open player that is paused. */
	sounds(now: Date): boolean {
		return [...this.#live.values()].some(({ moved }) => now.getTime() - moved.getTime() < soundingMs);
	}

	/** A person says what they will listen to a recording for; without it they hear nothing. Holds for one listening. */
	state(person: string, recording: string, purpose: Purpose): void {
		this.#purposes.set(`person ${person} ${recording}`, purpose);
	}

	/** Lets a contact person hear the first half minute of a recording, for one listening, until `check.until`. */
	allowCheck(person: string, recording: string, check: Check): void {
		this.#checks.set(`person ${person} ${recording}`, check);
		this.state(person, recording, 'subject_access');
	}

	/**
	 * Opens the audio for one who may hear it: the line in the access log is on the disk before anything is opened.
	 * Requests that come together, and later ones until the end, share one listening and its one line.
	 * Refuses, in the log too, with `refused`; with `unavailable` when the log, the database or the keyring does not
	 * answer, and when the server is about to stop.
	 */
	async open(
		register: Register,
		listener: Listener,
		id: string,
		{ asker, since, known }: { asker?: string; since?: number | undefined; known?: Standing | undefined } = {}
	): Promise<Hearing> {
		const answer = known ? this.#decide(register, listener, known.recording) : await this.#ask(register, listener, id);
		if (!answer.granted) {
			const { reason } = answer;
			await this.#endThose(register, (live) => live.recording.id === id && isSame(live.listener, listener), reason);
			return refuse(register, listener, reason, id);
		}
		const name = `${nameOf(listener)} ${id}`;
		if (register.closing.begun && !this.#live.has(name)) return refuseClosing(register, listener, id);
		const live = this.#live.get(name) ?? this.#begin(register, name, listener, answer);
		if (known) this.#remember(live, known);
		else if (asker !== undefined) {
			const ground = groundOf(register, listener, id);
			// No row has changed since before anybody was asked, so this is what they were asked of.
			if (since !== undefined && since === register.rows.version()) {
				this.#remember(live, { asker, listener, recording: answer.recording, ground });
			}
		}
		live.open = await live.reader;
		if (live.ended) throw new Failure('refused', 'listening_ended');
		return this.#hearing(register, live, live.open);
	}

	/**
	 * The listening of one who has been answered before, when nothing has changed of what that hung on: the database would
	 * say the same again. Undefined when it must be asked.
	 */
	again(register: Register, asker: string, id: string): Hearing | undefined {
		const live = this.#byAsker.get(`${asker} ${id}`);
		return live?.open && this.#stands(register, live, asker) ? this.#hearing(register, live, live.open) : undefined;
	}

	/** A kiosk has just been shown the player of a recording: what the database said of both need not be asked at the press. */
	expect(kiosk: string, standing: Standing): void {
		this.#expected.set(kiosk, standing);
	}

	/** What was said when this asker was shown the player, while the database would say the same again. */
	expected(register: Register, asker: string, id: string): Standing | undefined {
		const of = [...this.#expected.values()].find((one) => one.asker === asker && one.recording.id === id);
		return of && stands(register, of) ? of : undefined;
	}

	#hearing(register: Register, live: Listening, reader: SealedReader): Hearing {
		live.idle.refresh();
		return {
			reader,
			audioType: live.check ? excerptType : live.recording.audioType,
			onEnd(stop) {
				live.stops.add(stop);
				return () => void live.stops.delete(stop);
			},
			end: (why) => this.#end(register, live, why),
			goOn: async (asker, who) => {
				if (this.#stands(register, live, asker)) return;
				const ground = groundOf(register, live.listener, live.recording.id);
				const listener = await who();
				const answer = listener ? await this.#askFor(register, listener, live) : refusedAs('not_identified');
				if (!listener || !answer.granted) {
					const reason = answer.granted ? 'not_identified' : answer.reason;
					await this.#end(register, live, reason);
					throw new Failure('refused', reason);
				}
				if (live.ended) throw new Failure('refused', 'listening_ended');
				this.#remember(live, { asker, listener, recording: answer.recording, ground });
			}
		};
	}

	#stands(register: Register, live: Listening, asker: string): boolean {
		const { standing, ended } = live;
		if (ended || standing?.asker !== asker || !stands(register, standing)) return false;
		return this.#decide(register, standing.listener, standing.recording).granted;
	}

	#remember(live: Listening, standing: Standing): void {
		this.#forgetAsker(live);
		live.standing = standing;
		this.#byAsker.set(`${standing.asker} ${standing.recording.id}`, live);
	}

	#forgetAsker({ standing, recording }: Listening): void {
		if (standing) this.#byAsker.delete(`${standing.asker} ${recording.id}`);
	}

	/**
	 * The player tells how far it is; at most every 30 s that is logged. `heardSeconds` counts from the player's
	 * beginning, which a reload makes anew; all together are believed up to twice the time that has passed. `ranges` are
	 * the parts that sounded, in whole seconds of the recording.
	 * False when there is no such listening.
	 * When the log cannot be written the listening ends, and `unavailable` is thrown.
	 */
	async progress(
		register: Register,
		listener: Listener,
		id: string,
		{ positionMs, heardSeconds, ranges = '' }: { positionMs: number; heardSeconds: number; ranges?: string | undefined }
	): Promise<boolean> {
		const live = this.#live.get(`${nameOf(listener)} ${id}`);
		if (!live || live.ended) return false;
		const now = register.now();
		live.idle.refresh();
		const possible = ((now.getTime() - live.began.getTime()) / 1000) * fastest;
		const more = heardSeconds < live.toldSeconds ? heardSeconds : heardSeconds - live.toldSeconds;
		live.toldSeconds = heardSeconds;
		if (more > 0) live.moved = now;
		live.ranges = joined(live.ranges, told(ranges), Math.ceil(live.recording.durationMs / 1000));
		live.heardSeconds = Math.min(live.heardSeconds + more, possible);
		if (now.getTime() - live.beat.getTime() < heartbeatMs) return true;
		live.beat = now;
		const measures = { ...heard(live), position_ms: Math.round(positionMs) };
		const parts = rangesWritten(live.ranges);
		await register.accessLog
			.append({ ...live.line, action: 'listen_heartbeat', heard: parts, measures })
			.catch(async (fault) => {
				await this.#end(register, live, 'log_unavailable').catch(() => undefined);
				throw fault;
			});
		return true;
	}

	/**
	 * Whether a person may still hear a recording for the purpose that they stated: what a screen with its player asks,
	 * since a browser goes on with what it has already got. Ends their listening when not. `who` is who they are now.
	 */
	async stillMay(register: Register, person: string, id: string, who: Listener | undefined): Promise<boolean> {
		const answer = who ? await this.#ask(register, who, id) : refusedAs('not_identified');
		if (answer.granted) return true;
		await this.end(register, { person, recording: id }, answer.reason);
		return false;
	}

	/** Ends the listenings meant, at once: running answers are cut off before the first await. `why` is a code. */
	async end(register: Register, match: Match, why: string): Promise<void> {
		// What was stated and not used yet is over too.
		if (match.person && match.recording) this.#purposes.delete(`person ${match.person} ${match.recording}`);
		// A check that nobody has begun to hear ends as well.
		for (const [name, { request }] of this.#checks) if (request === match.check) this.#checks.delete(name);
		await this.#endThose(
			register,
			({ listener, recording, check }) => {
				const about: Match =
					listener.kind === 'kiosk'
						? { kiosk: listener.kiosk.id, visit: listener.visit?.id ?? '', recording: recording.id }
						: { person: listener.person.id, recording: recording.id, ...(check ? { check: check.request } : {}) };
				return (['kiosk', 'visit', 'person', 'recording', 'check'] as const).every(
					(field) => match[field] === undefined || match[field] === about[field]
				);
			},
			why
		);
	}

	async #ask(register: Register, listener: Listener, id: string): Promise<Permit | Refusal> {
		const seenBy = listener.kind === 'kiosk' ? 'service' : listener.token;
		const recording = await this.#rows.run(`${seenBy} ${id}`, () =>
			recordings(clientOf(register, listener)).one(id).catch(unlessMissing)
		);
		return recording ? this.#decide(register, listener, recording) : refusedAs('no_such_recording');
	}

	#decide(register: Register, listener: Listener, recording: Recording): Permit | Refusal {
		const name = `${nameOf(listener)} ${recording.id}`;
		const purpose = this.#purposes.get(name);
		const check = purpose === 'subject_access' ? this.#checks.get(name) : undefined;
		const answer = grant({ listener, recording, purpose, check, now: register.now() });
		return answer.granted ? { ...answer, recording, check } : answer;
	}

	async #askFor(register: Register, listener: Listener, live: Listening): Promise<Permit | Refusal> {
		const answer = await this.#ask(register, listener, live.recording.id);
		if (answer.granted && nameOf(listener) !== nameOf(live.listener)) return refusedAs('other_listener');
		return answer;
	}

	#begin(register: Register, name: string, listener: Listener, { recording, role, purpose, check }: Permit): Listening {
		const now = register.now();
		const live: Listening = {
			listener,
			recording,
			check,
			line: {
				...whoAndWhere(listener),
				role,
				purpose,
				recording: recording.id,
				...(check ? { request: check.request } : {}),
				outcome: 'done'
			},
			began: now,
			beat: now,
			moved: now,
			heardSeconds: 0,
			toldSeconds: 0,
			ranges: [],
			stops: new Set(),
			logged: false,
			ended: false,
			open: undefined,
			standing: undefined,
			sealed: undefined,
			idle: setTimeout(() => void this.#end(register, live, 'idle').catch(() => undefined), this.#idleMs).unref(),
			reader: Promise.resolve().then(() => unseal(register, live))
		};
		this.#live.set(name, live);
		live.reader.catch((fault: unknown) =>
			this.#end(register, live, isFailure(fault) ? fault.reason : 'fault').catch(() => undefined)
		);
		return live;
	}

	async #endThose(register: Register, which: (live: Listening) => boolean, why: string): Promise<void> {
		const those = [...this.#live.values()].filter(which);
		await Promise.all(those.map((live) => this.#end(register, live, why)));
	}

	async #end(register: Register, live: Listening, why: string): Promise<void> {
		if (live.ended) return;
		live.ended = true;
		clearTimeout(live.idle);
		for (const stop of [...live.stops]) stop();
		const name = `${nameOf(live.listener)} ${live.recording.id}`;
		this.#live.delete(name);
		this.#forgetAsker(live);
		this.#purposes.delete(name);
		this.#checks.delete(name);
		await live.reader.catch(() => undefined);
		await live.sealed?.close();
		if (!live.logged) return;
		const parts = rangesWritten(live.ranges);
		await register.accessLog.append({
			...live.line,
			action: 'listen_end',
			reason: why,
			heard: parts,
			measures: heard(live)
		});
	}
}

/** Says no, after the log has it: `reason` goes there only. */
export async function refuse(
	register: Register,
	listener: Listener | undefined,
	reason: string,
	recording?: string
): Promise<never> {
	const entry = { ...whoAndWhere(listener), action: 'open_audio', outcome: 'refused', reason, recording } as const;
	await register.accessLog.append(entry);
	throw new Failure('refused', reason);
}

async function refuseClosing(register: Register, listener: Listener, id: string): Promise<never> {
	await refuse(register, listener, 'closing', id).catch((fault: unknown) => {
		if (!isFailure(fault) || fault.kind !== 'refused') throw fault;
	});
	return register.closing.refuse();
}

async function unseal(register: Register, live: Listening): Promise<SealedReader> {
	const { listener, recording } = live;
	await register.accessLog.append({ ...live.line, action: 'listen_begin' });
	live.logged = true;
	live.sealed = await openSealedFile(register.rows, clientOf(register, listener), recording);
	const { size } = await live.sealed.stat();
	const whole = await openSealed(fileSource(live.sealed, size), await register.keyring.identityOf(recording));
	return live.check ? excerpt(whole) : whole;
}

function refusedAs(reason: string): Refusal {
	return { granted: false, reason };
}

function clientOf({ pocketbase }: Register, listener: Listener): Client {
	return listener.kind === 'kiosk' ? pocketbase.service : pocketbase.as(listener.token);
}

function heard({ heardSeconds }: Listening) {
	return { seconds_heard: Math.round(heardSeconds) };
}

function unlessMissing(fault: unknown): undefined {
	if (isFailure(fault) && (fault.kind === 'missing' || fault.kind === 'refused')) return undefined;
	throw fault;
}
