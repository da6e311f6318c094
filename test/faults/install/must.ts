/** Says whether something is so; throws with what was seen when it is not. */
export function must(what: string, is: boolean, seen: string): void {
	console.log(`${is ? 'yes' : 'NO '}  ${what}`);
	if (!is) throw new Error(`${what}: ${seen}`);
}
