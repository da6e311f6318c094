import { appointments } from '#visits/appointment-row.ts';
import { invite } from '#visits/booking.ts';
import { qrPath } from '#visits/invitation.ts';
import { offices } from '#visits/office.ts';
import { requests } from '#requests/request.ts';
import { guarded, guardedAction } from '../../../../guard.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = guarded('desk', async ({ register, as }, { params }) => {
	const appointment = await appointments(as).one(params.id);
	const [office, request] = await Promise.all([
		offices(as).one(appointment.office),
		requests(as).one(appointment.request)
	]);
	const { controllerName, controllerId, contactName, contactPost, contactPhone } = register.settings;
	return {
		appointment,
		office: { name: office.name, address: office.address },
		request: { id: request.id, name: request.name, calls: request.recordings.length },
		controller: { name: controllerName, businessId: controllerId },
		contact: { name: contactName, post: contactPost, phone: contactPhone },
		today: register.now()
	};
});

export const actions: Actions = {
	default: guardedAction('desk', async (door, { params }) => {
		// The codes exist on this answer only; the database keeps their hashes.
		const { token, code } = await invite(door.register, door, params.id);
		return { invitation: { code, qr: qrPath(token) } };
	})
};
