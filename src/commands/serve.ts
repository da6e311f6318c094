import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { Failure } from '#failures.ts';
import { startProving } from '#access-log/proving.ts';
import { demoAccounts } from '#demo/demo.ts';
import { untilQuiet } from '#closing.ts';
import { openJournal } from '#journal.ts';
import { endInterrupted } from '#listening/interrupted.ts';
import { serveMetrics } from '#metrics.ts';
import { openRegister } from '#register.server.ts';
import { startErasing } from '#requests/erasing.ts';
import { startSweeping } from '#retention/timer.ts';
import { listen, type Pages } from '#server.ts';
import { publicOrigin, readSettings, type Settings } from '#settings.ts';
import { isDemo } from '../master-key.ts';
import { mustBeAlone, takeOrders } from './beside.ts';
import { mustBeFounded, openServer } from './database.ts';
import { isFounded } from './found.ts';
import { initDemo } from './init.ts';
import { mustBeOnTime } from './on-time.ts';
import { notify, sayLastWords, toldToStop } from './service.ts';

const built = fileURLToPath(new URL('../../build/handler.js', import.meta.url));

export const serveCommand = new Command('serve')
	.description('serve the console and the kiosks, with PocketBase beside, until it is told to stop')
	.option('--demo', 'make the demo first when the data folder is not there yet')
	.option('--clock-is-right', 'start although the clock is behind the access log: it was ahead when that was written')
	.action(async ({ demo = false, clockIsRight = false }: { demo?: boolean; clockIsRight?: boolean }) => {
		const settings = readSettings(process.env);
		if (demo && isFounded(settings) && !isDemo(settings)) {
			throw new Failure('conflict', 'real_data', {
				detail: `${settings.data} holds real data: the demo does not start on it. Name another folder in KUUNTELUPISTE_DATA.`
			});
		}
		if (demo && !isFounded(settings)) await initDemo(settings);
		mustBeFounded(settings);
		const stop = await serve(settings, clockIsRight);
		announce(settings);
		notify('READY=1');
		const { patient, again } = await toldToStop();
		notify('STOPPING=1');
		console.log(patient ? 'Stopping when nothing plays any more …' : 'Stopping …');
		await stop(patient ? settings.stopSeconds : 0, again);
	});

/**
 * Starts PocketBase, opens the register and listens; gives what stops all three: it begins nothing new, waits so many
 * seconds for what plays, and closes the log under a checkpoint.
 */
async function serve(
	settings: Settings,
	clockIsRight: boolean
): Promise<(seconds: number, hurry: AbortSignal) => Promise<void>> {
	if (!settings.pocketbaseUrl) await mustBeAlone(settings.data);
	const journal = openJournal(settings.journal);
	sayLastWords(journal);
	const database = await openServer(settings, {
		onMigrate: () => journal.warn('the database is brought to this version; a copy is kept until the next destruction'),
		onSlow: () =>
			journal.warn('the database is still opening; after an update, with a million calls, it takes minutes'),
		onRestart: () => journal.error('PocketBase ended by itself and was started again')
	});
	try {
		const register = await openRegister(settings, database.url, { journal });
		await database.announce();
		const wasAhead = await mustBeOnTime(register, { isRight: clockIsRight });
		await endInterrupted(register.accessLog);
		const reason = wasAhead ? 'clock_was_ahead' : undefined;
		await register.accessLog.append({ action: 'system_start', role: 'system', outcome: 'done', reason });
		const server = await listen(register, await pages(settings));
		const commands = await takeOrders(register);
		const metrics = settings.metricsPort ? await serveMetrics(register, settings.metricsPort) : undefined;
		const sweeping = startSweeping(register);
		const erasing = startErasing(register);
		const proving = startProving(() =>
			register.accessLog.verify({ action: 'verify_log', role: 'system', purpose: 'audit', outcome: 'done' })
		);
		journal.info('started');
		return async (seconds, hurry) => {
			register.closing.begin();
			await untilQuiet(() => register.listenings.sounds(register.now()), seconds, hurry);
			await server.close();
			proving.stop();
			await sweeping.stop();
			await erasing.stop();
			await commands.close();
			await metrics?.close();
			await register.accessLog.append({ action: 'system_stop', role: 'system', outcome: 'done' });
			await register.accessLog.close();
			register.rows.close();
			await database.stop();
			journal.info('stopped');
		};
	} catch (fault) {
		await database.stop();
		throw fault;
	}
}

async function pages(settings: Settings): Promise<Pages> {
	if (!existsSync(built)) {
		throw new Failure('missing', 'not_built', { detail: 'The pages are not built: run npm start, or npm run build.' });
	}
	// The adapter reads its settings from the environment, at import.
	process.env['ORIGIN'] = publicOrigin(settings);
	// Else all who come through the proxy would be one address, and one of them could keep the others from signing in.
	if (settings.proxy) Object.assign(process.env, { ADDRESS_HEADER: 'x-forwarded-for', XFF_DEPTH: '1' });
	const { handler }: { handler: Pages } = await import(built);
	return handler;
}

function announce(settings: Settings): void {
	const origin = publicOrigin(settings);
	if (isDemo(settings)) {
		console.log(
			'\nDEMO: invented people and calls; its master key lies open in the data folder. Not for real recordings.'
		);
		console.log(demoAccounts);
	}
	console.log(`\nReady.\n  console  ${origin}/console\n  kiosk    ${origin}/kiosk`);
}
