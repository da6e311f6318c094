import { redirect } from '@sveltejs/kit';
import * as v from 'valibot';
import { isLanguage, languages } from '#ui/language.svelte.ts';
import * as calibrating from '#visits/calibrating.ts';
import { byDevice } from '#visits/kiosk.ts';
import { visitorEvents } from '#visits/visit.ts';
import * as visiting from '#visits/visiting.ts';
import { id, readForm } from '../form.ts';
import { answered, failed } from '../guard.ts';
import {
	atKiosk,
	chosenLanguage,
	dressOf,
	forgetVisitor,
	keepDress,
	keepLanguage,
	keepSecret,
	secretOf
} from './device.ts';
import { DressForm } from './dress-form.ts';
import { screenNow } from './screen-now.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals: { register, language }, cookies, request }) =>
	answered(async () => {
		const now = await screenNow(register, { cookies, request }, language);
		// The page is drawn in the language of the request; the next one knows which.
		if (now.language !== language) redirect(303, '/kiosk');
		return { ...now, dress: dressOf(cookies) };
	});

const Code = v.object({ code: v.pipe(v.string(), v.maxLength(200)) });
const Step = v.object({
	event: v.picklist(visitorEvents),
	recording: v.optional(id)
});
const Recording = v.object({ recording: id });
const Wish = v.object({ wish: v.picklist(visiting.wishes) });
const Leave = v.object({ why: v.picklist(['customer', 'idle', 'slot_over']) });
const Measured = v.object({ mmPerCssPx: v.pipe(v.string(), v.transform(Number), v.finite()) });
const Language = v.object({ language: v.picklist(languages) });

export const actions: Actions = {
	pair: ({ locals: { register }, cookies }) => {
		try {
			keepSecret(cookies, register.pairings.begin(register.now()).deviceSecret);
		} catch (fault) {
			return failed(fault);
		}
	},
	code: atKiosk(async (register, kiosk, { request, cookies }) => {
		const { code } = await readForm(request, Code);
		const { language } = await visiting.arrive(register, kiosk, code);
		// What the visitor chose at the screen goes before what the invitation was written in.
		const chosen = chosenLanguage(cookies);
		if (isLanguage(chosen)) await visiting.speak(register, kiosk, chosen);
		else keepLanguage(cookies, language);
	}),
	step: atKiosk(async (register, kiosk, { request }) => {
		const { event, recording } = await readForm(request, Step);
		await visiting.step(register, kiosk, event, { recording });
	}),
	not_mine: atKiosk(async (register, kiosk, { request }) => {
		await visiting.notMine(register, kiosk, (await readForm(request, Recording)).recording);
	}),
	wish: atKiosk(async (register, kiosk, { request }) => {
		await visiting.wish(register, kiosk, (await readForm(request, Wish)).wish);
	}),
	call_staff: atKiosk(async (register, kiosk) => {
		await visiting.callStaff(register, kiosk);
	}),
	dress: atKiosk(async (register, kiosk, { request, cookies }) => {
		const dress = await readForm(request, DressForm);
		if (await visiting.current(register, kiosk)) keepDress(cookies, dress);
	}),
	calibrated: atKiosk(async (register, kiosk, { request }) => {
		await calibrating.finish(register, kiosk, (await readForm(request, Measured)).mmPerCssPx);
	}),
	not_calibrated: atKiosk(async (register, kiosk) => calibrating.leave(register, kiosk)),
	leave: atKiosk(async (register, kiosk, { request, cookies }) => {
		forgetVisitor(cookies);
		await visiting.leave(register, kiosk, (await readForm(request, Leave)).why);
	}),
	language: async ({ locals: { register }, request, cookies }) => {
		try {
			const { language } = await readForm(request, Language);
			// A device that is no kiosk yet speaks too: to whoever sets it up.
			keepLanguage(cookies, language);
			const kiosk = await byDevice(register, secretOf(cookies));
			if (kiosk) await visiting.speak(register, kiosk, language);
		} catch (fault) {
			return failed(fault);
		}
	}
};
