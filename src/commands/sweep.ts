import { Command } from 'commander';
import type { StopReason } from '#retention/breaker.ts';
import { readSettings } from '#settings.ts';
import { carryOut } from './beside.ts';
import { wholeNumber } from './whole-number.ts';

const reasons: Record<StopReason, string> = {
	more_than_usual: 'that is far more than usual',
	clock_jumped: 'the clock has jumped',
	long_silence: 'nothing was logged for more than a week, so the clock may be wrong'
};

export const sweepCommand = new Command('sweep')
	.description('destroy what is past its six months now (the server does it by itself); exit 1 when it stops and asks')
	.option(
		'--yes-destroy <number>',
		'go on although a sweep stopped: the very number of recordings that are due',
		wholeNumber
	)
	.action(async ({ yesDestroy }: { yesDestroy?: number }) => {
		const settings = readSettings(process.env);
		const swept = await carryOut(settings, 'sweep', { agreed: yesDestroy });
		const { recordings, keys, resealed, holdsEnded, latestSeconds, stopped } = swept;
		const late = recordings > 0 ? `; the latest ${latestSeconds} s after its time` : '';
		console.log(
			`${recordings} recordings destroyed, ${keys} keys destroyed, ${resealed} sealed anew, ${holdsEnded} holds ended${late}`
		);
		if (!stopped) return;
		const usual = stopped.usual === undefined ? '' : `, a usual day has ${stopped.usual}`;
		console.error(`Stopped before any was destroyed: ${stopped.due} are due${usual}, and ${reasons[stopped.why]}.`);
		console.error(`If that is right: kuuntelupiste sweep --yes-destroy ${stopped.due}`);
		process.exitCode = 1;
	});
