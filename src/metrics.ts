import { createServer } from 'node:http';
import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import { pages } from '#access-log/pages.ts';
import { alarms, readiness, type AlarmKind } from '#health.ts';
import type { Register } from '#register.server.ts';

const alarmKinds: AlarmKind[] = [
	'log_unwritable',
	'log_broken',
	'checkpoints_unreached',
	'sweep_stopped',
	'sweep_failed'
];

/** Figures for whoever watches the server, in the form that Prometheus reads: counts only, nothing of anybody. */
export interface Metrics {
	/** The figures of this moment, and the type of the text. */
	read(): Promise<{ type: string; text: string }>;
}

/** What was done and refused is counted out of the access log itself, from its end at the opening on. */
export async function openMetrics(register: Register): Promise<Metrics> {
	const registry = new Registry();
	collectDefaultMetrics({ register: registry, prefix: 'kuuntelupiste_' });
	const registers = [registry];
	const entries = new Counter({
		name: 'kuuntelupiste_log_entries_total',
		help: 'entries of the access log, by what was done and how it ended',
		labelNames: ['action', 'outcome'],
		registers
	});
	const refusals = new Counter({
		name: 'kuuntelupiste_refusals_total',
		help: 'refusals in the access log, by why',
		labelNames: ['reason'],
		registers
	});
	const gauge = (name: string, help: string): Gauge => new Gauge({ name: `kuuntelupiste_${name}`, help, registers });
	const sequence = gauge('log_sequence', 'the number of the last entry of the access log');
	const listening = gauge('listening', 'recordings that are being listened to');
	const sweepLate = gauge(
		'sweep_late_seconds',
		'how long after its time the last sweep destroyed a recording, at most'
	);
	const swept = gauge('sweep_timestamp_seconds', 'when the last sweep of this process began');
	const ready = new Gauge({
		name: 'kuuntelupiste_ready',
		help: 'whether a part of the register can be used (1)',
		labelNames: ['part'],
		registers
	});
	const alarmed = new Gauge({
		name: 'kuuntelupiste_alarm',
		help: 'whether something needs a person now (1)',
		labelNames: ['kind'],
		registers
	});

	const { accessLog, sweeps, listenings } = register;
	let read = (await accessLog.read({ limit: 1 }))[0]?.sequence ?? 0;

	return {
		async read() {
			for await (const page of pages(accessLog, {}, read)) {
				read = page.at(-1)?.sequence ?? read;
				for (const { action, outcome, reason = 'unknown' } of page) {
					entries.inc({ action, outcome });
					if (outcome === 'refused') refusals.inc({ reason });
				}
			}
			sequence.set(read);
			listening.set(listenings.count);
			if (sweeps.last) swept.set(sweeps.last.at.getTime() / 1000);
			if (sweeps.last?.swept) sweepLate.set(sweeps.last.swept.latestSeconds);
			for (const [part, is] of Object.entries(await readiness(register))) ready.set({ part }, is ? 1 : 0);
			const now = new Set(alarms(register).map(({ kind }) => kind));
			for (const kind of alarmKinds) alarmed.set({ kind }, now.has(kind) ? 1 : 0);
			return { type: registry.contentType, text: await registry.metrics() };
		}
	};
}

/** Gives the figures on a loopback port of their own, which no visitor and no proxy reaches. */
export async function serveMetrics(register: Register, port: number): Promise<{ close(): Promise<void> }> {
	const metrics = await openMetrics(register);
	const server = createServer(async (request, answer) => {
		if (request.method !== 'GET' || request.url !== '/metrics') return void answer.writeHead(404).end();
		const figures = await metrics.read().catch(() => undefined);
		if (!figures) return void answer.writeHead(503).end();
		answer.writeHead(200, { 'Content-Type': figures.type, 'Cache-Control': 'no-store' }).end(figures.text);
	});
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen(port, '127.0.0.1', resolve);
	});
	return { close: () => new Promise((resolve) => server.close(() => resolve())) };
}
