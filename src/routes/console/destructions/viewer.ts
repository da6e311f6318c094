import type { Viewer } from '#retention/certificates.ts';
import type { GuardedDoor } from '../../guard.ts';

/** Who came through the door to see the proofs. */
export function viewer({ person, as, role }: GuardedDoor): Viewer {
	return { person, as, role: role === 'auditor' ? 'auditor' : 'contact_person' };
}
