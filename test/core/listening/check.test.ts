import { afterAll, beforeAll, expect, test } from 'vitest';
import { excerpt } from '#listening/excerpt.ts';
import type { StaffListener } from '#listening/listener.ts';
import { checkByEar } from '#requests/check.ts';
import { close } from '#requests/closing.ts';
import { openHouse, type House } from '../../support/house.ts';
import * as plant from '../../support/plant.ts';
import { callSound } from './call-sound.ts';

// The contact person's short check inside an open request: half a minute of one candidate, and nothing more.

const bytesOfHalfAMinute = 44 + 30 * 16_000 * 2;
let house: House;
let contact: Awaited<ReturnType<typeof plant.person>>;
let agent: Awaited<ReturnType<typeof plant.person>>;
let long: Buffer;
beforeAll(async () => {
	house = await openHouse();
	contact = await plant.person(house, ['contact_person']);
	agent = await plant.person(house, ['agent']);
	long = await callSound(90, ['-c:a', 'pcm_alaw', '-ar', '8000', '-f', 'wav']);
});
afterAll(() => house.close());

const listener = (): StaffListener => ({ kind: 'staff', person: contact.person, token: contact.token });
const open = (id: string) => house.register.listenings.open(house.register, listener(), id);
const aCase = async () => ({
	request: await plant.request(house, contact.person.id),
	call: await plant.recording(house, agent.person, long)
});

test('the check gives the first thirty seconds and has nothing more to give, with its purpose in the log', async () => {
	const { request, call } = await aCase();
	await expect(open(call.id)).rejects.toMatchObject({ kind: 'refused' });
	await checkByEar(house.register, contact, request.id, call.id);
	const hearing = await open(call.id);
	expect(hearing.audioType).toBe('audio/wav');
	expect(hearing.reader.size).toBe(bytesOfHalfAMinute);
	let heard = 0;
	for await (const piece of hearing.reader.chunks(0, hearing.reader.size)) heard += piece.length;
	expect(heard).toBe(bytesOfHalfAMinute);
	await hearing.end('client');
	const lines = (await house.register.accessLog.read({ limit: 20, where: { recording: call.id } })).reverse();
	expect(lines.map(({ action, outcome }) => `${action} ${outcome}`)).toEqual([
		'open_audio refused',
		'check_recording done',
		'listen_begin done',
		'listen_end done'
	]);
	expect(lines.slice(1)).toMatchObject(
		[1, 2, 3].map(() => ({ role: 'contact_person', purpose: 'subject_access', request: request.id }))
	);
	// Once it is over it is over: the door stays shut, and no second check opens it.
	await expect(open(call.id)).rejects.toMatchObject({ kind: 'refused' });
	await expect(checkByEar(house.register, contact, request.id, call.id)).rejects.toMatchObject({
		reason: 'checked_already'
	});
});

test('the check ends when its two minutes are over, or its request closes', async () => {
	const { request, call } = await aCase();
	await checkByEar(house.register, contact, request.id, call.id);
	const hearing = await open(call.id);
	house.clock.now = new Date(Date.now() + 121_000);
	await expect(hearing.goOn('', async () => listener())).rejects.toMatchObject({ reason: 'check_over' });
	house.clock.now = undefined;

	const other = await aCase();
	await checkByEar(house.register, contact, other.request.id, other.call.id);
	const running = await open(other.call.id);
	let stopped = false;
	running.onEnd(() => (stopped = true));
	await close(house.register, contact, other.request.id, 'withdrawn');
	expect(stopped).toBe(true);
	await expect(open(other.call.id)).rejects.toMatchObject({ kind: 'refused' });
});

test('a check begun before the request closed cannot be heard after it', async () => {
	const { request, call } = await aCase();
	await checkByEar(house.register, contact, request.id, call.id);
	await close(house.register, contact, request.id, 'withdrawn');
	await expect(open(call.id)).rejects.toMatchObject({ kind: 'refused' });
});

test('one whose training is over hears no check, nor does anybody else in their name', async () => {
	const { request, call } = await aCase();
	await checkByEar(house.register, contact, request.id, call.id);
	const untrained = { ...listener(), person: { ...contact.person, trainedUntil: undefined } };
	await expect(house.register.listenings.open(house.register, untrained, call.id)).rejects.toMatchObject({
		reason: 'training_missing'
	});
	const colleague = await plant.person(house, ['contact_person']);
	const other: StaffListener = { kind: 'staff', person: colleague.person, token: colleague.token };
	await expect(house.register.listenings.open(house.register, other, call.id)).rejects.toMatchObject({
		kind: 'refused'
	});
});

test.each([
	['a short call in Opus, two channels', 5, ['-c:a', 'libopus', '-ac', '2', '-f', 'webm'], 5],
	['a long one in MP3', 70, ['-c:a', 'libmp3lame', '-f', 'mp3'], 30],
	['a long one in FLAC', 70, ['-c:a', 'flac', '-f', 'flac'], 30]
] as const)('%s gives what it has, thirty seconds at the most', async (_, seconds, codec, expected) => {
	const sound = await callSound(seconds, [...codec]);
	const { size } = await excerpt({
		size: sound.length,
		async *chunks(start, end) {
			yield sound.subarray(start, end);
		},
		lend: async (start, end, take) => void (await take(sound.subarray(start, end))),
		read: async (start, end) => sound.subarray(start, end)
	});
	expect(size).toBeLessThanOrEqual(bytesOfHalfAMinute);
	expect((size - 44) / 32_000).toBeCloseTo(expected, 0);
});
