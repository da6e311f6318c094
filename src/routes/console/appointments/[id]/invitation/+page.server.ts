import * as v from 'valibot';
import { languages } from '#requests/request.ts';
import * as invitation from '#visits/invitation.ts';
import { invite } from '#visits/inviting.ts';
import { send } from '#visits/sending.ts';
import { readForm } from '../../../../form.ts';
import { guarded, guardedAction } from '../../../../guard.ts';
import { invitationWords } from '../../../letter-words.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = guarded('desk', (door, { params }) =>
	invitation.read(door.register, door, params.id)
);

const Letter = v.object({ language: v.optional(v.picklist(languages)) });

export const actions: Actions = {
	default: guardedAction('desk', async (door, { request, params }) => {
		const { language } = await readForm(request, Letter);
		// The codes exist on this answer only; the database keeps their hashes.
		const { token, code } = await invite(door.register, door, params.id);
		const mail = await send(door.register, door, params.id, (letter) => invitationWords(letter, code, language));
		return { letter: { code, qr: invitation.qrPath(token), language, mail } };
	})
};
