import { allowedBackMs } from '#clock.ts';
import { Failure } from '#failures.ts';
import type { Register } from '#register.server.ts';

/**
 * Refuses with `unavailable: clock_behind` while the clock is behind the log's newest entry: what ended would begin
 * again, and what was due would be kept. True when an operator has said that it is right all the same, since the clock of
 * then was ahead.
 */
export async function mustBeOnTime({ accessLog, now }: Register, { isRight = false } = {}): Promise<boolean> {
	const [newest] = await accessLog.read({ limit: 1 });
	const behindMs = newest ? Date.parse(newest.at) - now().getTime() : 0;
	if (behindMs <= allowedBackMs) return false;
	if (isRight) return true;
	throw new Failure('unavailable', 'clock_behind', {
		detail: `The clock (${now().toISOString()}) is behind the newest entry of the access log (${newest?.at}). Set it right. If it is right now, and was ahead then: kuuntelupiste serve --clock-is-right`
	});
}
