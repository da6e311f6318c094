import { request as ask } from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { serveMetrics } from '#metrics.ts';
import { openHouse, type House } from '../support/house.ts';
import * as plant from '../support/plant.ts';
import { freePort } from '../support/serving.ts';

let house: House;
let port: number;
let metrics: { close(): Promise<void> };
beforeAll(async () => {
	house = await openHouse();
	port = await freePort();
	await house.register.accessLog.append({ action: 'system_start', role: 'system', outcome: 'done' });
	metrics = await serveMetrics(house.register, port);
});
afterAll(async () => {
	await metrics.close();
	await house.close();
});

const read = async () => (await fetch(`http://127.0.0.1:${port}/metrics`)).text();

it('counts what is in the log from the start on, and says how the register is, without a word of anybody', async () => {
	const { person } = await plant.person(house, ['agent'], { name: 'Aapo Aarnisalo' });
	await house.register.accessLog.append([
		{ action: 'sign_in', actor: person.id, role: 'unknown', outcome: 'done' },
		{ action: 'listen_begin', actor: person.id, role: 'agent', outcome: 'refused', reason: 'training_expired' },
		{ action: 'listen_begin', actor: person.id, role: 'agent', outcome: 'refused', reason: 'training_expired' }
	]);
	const text = await read();
	expect(text).toContain('kuuntelupiste_log_entries_total{action="sign_in",outcome="done"} 1\n');
	expect(text).toContain('kuuntelupiste_log_entries_total{action="listen_begin",outcome="refused"} 2\n');
	expect(text).toContain('kuuntelupiste_refusals_total{reason="training_expired"} 2\n');
	expect(text).not.toContain('system_start');
	expect(text).toContain('kuuntelupiste_log_sequence 4\n');
	expect(text).toContain('kuuntelupiste_listening 0\n');
	for (const part of ['database', 'keyring', 'log']) expect(text).toContain(`kuuntelupiste_ready{part="${part}"} 1\n`);
	expect(text).toContain('kuuntelupiste_alarm{kind="log_broken"} 0\n');
	expect(text).not.toMatch(new RegExp(`${person.id}|Aarnisalo|\\b[a-z0-9]{15}\\b`));
	// Counted once, however often it is read.
	expect(await read()).toContain('kuuntelupiste_refusals_total{reason="training_expired"} 2\n');
});

it('gives nothing else, and nothing to a form', async () => {
	const status = (path: string, method = 'GET') =>
		new Promise((resolve) => ask({ port, path, method }, (answer) => resolve(answer.resume().statusCode)).end());
	expect(await status('/')).toBe(404);
	expect(await status('/metrics/')).toBe(404);
	expect(await status('/metrics', 'POST')).toBe(404);
});
