import QRCode from 'qrcode';
import { log, mayWork, requests, type Desk } from '#requests/request.ts';
import type { Register } from '#register.server.ts';
import { appointments, type Appointment } from './appointment-row.ts';
import { kiosks } from './kiosk.ts';
import { offices } from './office.ts';

/** What an invitation says, apart from its codes, which only `invite` gives. */
export interface Invitation {
	appointment: Appointment;
	/** Whom it invites. */
	name: string;
	/** How to reach them, as the desk wrote it down. */
	reach: string;
	office: { name: string; address: string };
	/** The kiosk's name: an office may have several. */
	kiosk: string;
	controller: { name: string; businessId: string };
	/** The contact person (register description § 2). */
	contact: { name: string; post: string; phone: string };
	/** The date of the letter. */
	written: Date;
}

/** The invitation to an appointment; that the request was looked at is in the log first. */
export async function read(register: Register, desk: Desk, appointmentId: string): Promise<Invitation> {
	mayWork(register, desk);
	const appointment = await appointments(desk.as).one(appointmentId);
	const [office, kiosk, request] = await Promise.all([
		offices(desk.as).one(appointment.office),
		kiosks(desk.as).one(appointment.kiosk),
		requests(desk.as).one(appointment.request)
	]);
	await log(register, desk, request.id, 'view_request', { appointment: appointment.id });
	const { controllerName, controllerId, contactName, contactPost, contactPhone } = register.settings;
	return {
		appointment,
		name: request.name,
		reach: request.reach,
		office: { name: office.name, address: office.address },
		kiosk: kiosk.name,
		controller: { name: controllerName, businessId: controllerId },
		contact: { name: contactName, post: contactPost, phone: contactPhone },
		written: register.now()
	};
}

/** A QR code as one SVG path, a module a unit: level Q, so that a quarter of it may be creased or stained. */
export function qrPath(token: string): { path: string; modules: number } {
	const { modules } = QRCode.create([{ data: token, mode: 'alphanumeric' }], { errorCorrectionLevel: 'Q' });
	let path = '';
	for (let row = 0; row < modules.size; row++) {
		for (let column = 0; column < modules.size; column++) {
			if (modules.get(row, column)) path += `M${column} ${row}h1v1h-1z`;
		}
	}
	return { path, modules: modules.size };
}
