/**
 * Loads the kiosk's page anew, when the server has it to give: while the server is away the browser would show a page of
 * its own, and stay on it. False when it does not.
 */
export async function loadAnew(): Promise<boolean> {
	const answer = await fetch('/kiosk', { method: 'HEAD' }).catch(() => undefined);
	if (answer?.ok) location.replace('/kiosk');
	return answer?.ok ?? false;
}
