import { Command } from 'commander';
import { printable, readSettings } from '#settings.ts';

export const settingsCommand = new Command('settings')
	.description('print every setting with its value and meaning; secrets are left out')
	.action(() => {
		readSettings(process.env);
		const lines = printable(process.env);
		const width = (column: number): number => Math.max(...lines.map((line) => line[column]?.length ?? 0));
		for (const [name = '', value = '', meaning = ''] of lines) {
			console.log(`${name.padEnd(width(0))}  ${value.padEnd(width(1))}  ${meaning}`);
		}
	});
