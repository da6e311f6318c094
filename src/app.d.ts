/// <reference types="@sveltejs/adapter-node" />
import type { Register } from '#register.server.ts';
import type { Session } from '#staff/session.ts';
import type { Language } from '#ui/language.svelte.ts';

declare global {
	namespace App {
		interface Locals {
			register: Register;
			language: Language;
			/** The signed-in person's session, if there is one; who they are now is asked of the database. */
			session: Session | undefined;
		}
		interface Error {
			message: string;
			/** The kind of failure, for the words on the error page. */
			kind?: import('#failures.ts').FailureKind;
			/** The reason's code, shown to staff only. */
			reason?: string;
		}
	}
}
export {};
