import { invalidateAll } from '$app/navigation';

// The server reads this name too (`hooks.server.ts`): what is asked for under it was asked for by no person.
const cookie = '__Host-by-itself';
const always = 'Path=/; Secure; SameSite=Strict';

/** Has the page ask anew for what it shows, of itself: a screen that lives is not a person at work. */
export async function lookAgain(): Promise<void> {
	document.cookie = `${cookie}=yes; ${always}; Max-Age=10`;
	try {
		await invalidateAll();
	} finally {
		document.cookie = `${cookie}=; ${always}; Max-Age=0`;
	}
}
