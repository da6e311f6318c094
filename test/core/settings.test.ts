import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { isFailure } from '#failures.ts';
import { printable, publicOrigin, readSettings, table } from '#settings.ts';

const secret = `AGE-SECRET-KEY-1${'Q'.repeat(58)}`;

function refusal(environment: Record<string, string>): { field: string | undefined; detail: string } {
	try {
		readSettings(environment);
	} catch (fault) {
		if (isFailure(fault)) return { field: fault.field, detail: fault.detail ?? '' };
	}
	throw new Error('it was accepted');
}

describe('settings', () => {
	it('have the register description’s controller and contact person unless told otherwise', () => {
		const settings = readSettings({});
		expect(settings.controllerName).toBe('Posti Group Oyj');
		expect(settings.controllerId).toBe('1531864-4');
		expect(settings.contactName).toBe('Leila Väre');
		expect(settings.employeeNameAtKiosk).toBe(false);
		expect(publicOrigin(settings)).toBe('http://127.0.0.1:3000');
	});

	it.each([
		['KUUNTELUPISTE_PORT', 'abc'],
		['KUUNTELUPISTE_PORT', '70000'],
		['KUUNTELUPISTE_ORIGIN', 'http://kiosk.example'],
		['KUUNTELUPISTE_ORIGIN', 'https://kiosk.example/path'],
		['KUUNTELUPISTE_EMPLOYEE_NAME_AT_KIOSK', 'maybe'],
		['KUUNTELUPISTE_MASTER_KEY', 'not a key'],
		['KUUNTELUPISTE_ODD_HOURS', '21:00-07:00'],
		['KUUNTELUPISTE_ODD_HOURS', 'office hours'],
		['KUUNTELUPISTE_ODD_REFUSALS', '0']
	])('%s given as "%s" stops the start with one line that names it and not its value', (name, value) => {
		const { field, detail } = refusal({ [name]: value });
		expect(field).toBe(name);
		expect(detail).toMatch(new RegExp(`^${name} must .+\\.$`));
		expect(detail).not.toContain('\n');
		expect(detail).not.toContain(value === 'abc' ? 'abc' : ` ${value}`);
	});

	it('are printed without secrets', () => {
		const text = printable({ KUUNTELUPISTE_MASTER_KEY: secret, KUUNTELUPISTE_PORT: '3001' }).flat().join('\n');
		expect(text).not.toContain(secret);
		expect(text).toContain('(set, secret)');
		expect(text).toContain('3001');
		for (const { name } of Object.values(table)) expect(text).toContain(name);
	});
});

describe('the README', () => {
	it('lists every setting with its meaning and default', async () => {
		const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
		for (const { name, meaning, standard, secret } of Object.values(table)) {
			const value = secret ? 'none (secret)' : standard ? `\`${standard}\`` : 'none';
			expect(readme).toContain(`| \`${name}\` | ${meaning} | ${value} |`);
		}
	});

	it('has exactly two set-up commands', async () => {
		const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
		const block = /## Set-up\n\n```sh\n([^`]*)```/.exec(readme)?.[1] ?? '';
		expect(
			block
				.trim()
				.split('\n')
				.map((line) => line.split('#')[0]?.trim())
		).toEqual(['npm start', 'npm test']);
	});
});
