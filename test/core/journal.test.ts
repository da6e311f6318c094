import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { Failure } from '#failures.ts';
import { openJournal, type Facts, type Level } from '#journal.ts';

const service = fileURLToPath(new URL('../../src/commands/service.ts', import.meta.url));

/** What the operator reads when this is said. */
function said(facts: Facts, { level = 'debug' as Level, underSystemd = false } = {}): string {
	let text = '';
	const out = { write: (line: string) => void (text += line) };
	const journal = openJournal(level, { underSystemd, out });
	journal.inRequest('a1b2c3', () => journal.error('unexpected in a page', facts));
	return text;
}

/** Whatever a fault may have got into its hands. */
const planted = ['Virtanen', '0401234567', '+358 40 123 4567', '040-1234567', 'maija@example.fi', '__Host-session'];
function faultOf(word: string): Error {
	const fault = new TypeError(`row of ${word}\n    at /home/${word}/x.ts:1:2\n    at ${word} (node:${word}:1:1)`, {
		cause: new Error(`${word} asked`)
	});
	return Object.assign(fault, { code: word, row: { name: word }, detail: word, cookie: word });
}

describe('what the operator reads', () => {
	it.each(planted)('never has "%s" in it, wherever a fault carries it', (word) => {
		const fault = faultOf(word);
		const named = Object.assign(new Error('x'), { name: `${word}Error ${word}` });
		const core = new Failure('invalid', 'form', { field: `number ${word}`, detail: `of ${word}`, cause: fault });
		for (const one of [fault, named, core, word, { name: word }]) {
			const text = said({
				fault: one,
				reason: ` ${word}`,
				route: `/console/${word}?number=${word}`,
				...{ name: word, headers: { cookie: word } }
			});
			expect(text).not.toContain(word);
			expect(text).not.toMatch(/\d{7}/);
			expect(JSON.parse(text)).toMatchObject({ level: 'error', msg: 'unexpected in a page', request: 'a1b2c3' });
		}
	});

	it('says where a fault is from, by its kind and the place in our code', () => {
		const fault = Object.assign(new RangeError('secret'), { code: 'ENOSPC' });
		const line: unknown = JSON.parse(
			said({ fault, method: 'POST', route: '/console/requests/[id]', status: 500, ms: 12 })
		);
		expect(line).toMatchObject({
			fault: { name: 'RangeError', code: 'ENOSPC' },
			method: 'POST',
			route: '/console/requests/[id]',
			status: 500,
			ms: 12
		});
		expect(line).toHaveProperty('fault.at.0', expect.stringMatching(/^test\/core\/journal\.test\.ts:\d+$/));
		expect(said({ fault: new Failure('refused', 'training_expired') })).toContain('"reason":"training_expired"');
	});

	it('has journald’s priority before each line under systemd, and nothing below its level', () => {
		expect(said({}, { underSystemd: true })).toMatch(/^<3>\{"level":"error","time":"\d{4}-/);
		expect(said({}, { level: 'error' })).not.toBe('');
		let text = '';
		openJournal('warn', { out: { write: (line: string) => void (text += line) } }).info('started');
		expect(text).toBe('');
	});

	it('has no message of what nobody caught either', () => {
		const script = `const { sayLastWords } = await import(${JSON.stringify(service)});
			const { openJournal } = await import('#journal.ts');
			sayLastWords(openJournal('warn'));
			setTimeout(() => { throw new Error('Virtanen 0401234567') });`;
		const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
			encoding: 'utf8',
			env: { ...process.env, NODE_OPTIONS: '', JOURNAL_STREAM: undefined }
		});
		expect([status, stdout]).toEqual([1, '']);
		expect(JSON.parse(stderr)).toMatchObject({ level: 'error', msg: 'the server fell', fault: { name: 'Error' } });
		expect(stderr).not.toMatch(/Virtanen|040/);
	});
});
