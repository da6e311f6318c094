import { Command } from 'commander';
import { examine } from '#doctor/doctor.ts';
import { inWords } from '#doctor/words.ts';
import { readSettings } from '#settings.ts';
import { mustBeFounded } from './database.ts';

export const doctorCommand = new Command('doctor')
	.description(
		'look at everything that must be right, change nothing, and say what to do (exit 1 if somebody must act)'
	)
	.action(async () => {
		const settings = readSettings(process.env);
		mustBeFounded(settings);
		const counts = { fine: 0, look: 0, act: 0 };
		for await (const finding of examine(settings, new Date())) {
			const { state } = finding;
			const { name, says, todo, detail } = inWords(finding, 'en');
			counts[state]++;
			console.log(`${state.padEnd(5)} ${name}: ${says}${detail ? ` (${detail})` : ''}${todo ? ` → ${todo}` : ''}`);
		}
		console.log(`${counts.fine} fine, ${counts.look} to look at, ${counts.act} to act on`);
		if (counts.act > 0) process.exitCode = 1;
	});
