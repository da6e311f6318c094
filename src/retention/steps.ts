/**
 * The steps of a sweep, in their order: after each of them a killed sweep leaves every recording either whole or begun
 * to be destroyed and written down as that, and the next sweep finishes. The tests kill one after each.
 */
export const steps = {
	hold_ended: 'a hold whose time was over has ended',
	destruction_begun: 'it is written down that a recording will be destroyed',
	own_key_made: 'a held recording has a key of its own',
	resealed: 'a held recording is stored sealed to its own key',
	resealed_kept: 'and is on the disk, without the file that was sealed to its day’s key',
	key_noted: 'it is written down that a key will be destroyed',
	settled: 'all that was written down is on the disk',
	key_overwritten: 'the key’s file is overwritten',
	key_destroyed: 'the key’s file is gone',
	key_logged: 'the key’s destruction is in the access log',
	key_certified: 'the key’s destruction is certified',
	row_deleted: 'the database has deleted a recording',
	files_removed: 'its file and its folder are gone',
	leftovers_cleared: 'the database’s files hold nothing of it',
	destruction_logged: 'its destruction is in the access log',
	certified: 'its destruction is certified'
} as const;
export type Step = keyof typeof steps;
