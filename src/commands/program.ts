import { Command } from 'commander';
import { backupCommand } from './backup.ts';
import { doctorCommand } from './doctor.ts';
import { drillCommand } from './drill.ts';
import { importCommand } from './import.ts';
import { initCommand } from './init.ts';
import { keysCommand } from './keys.ts';
import { logCommand } from './log.ts';
import { pocketbaseCommand } from './pocketbase.ts';
import { reconcileCommand } from './reconcile.ts';
import { restoreCommand } from './restore.ts';
import { serveCommand } from './serve.ts';
import { settingsCommand } from './settings.ts';
import { storageCommand } from './storage.ts';
import { sweepCommand } from './sweep.ts';

/** Everything that an operator runs. */
export const program = new Command('kuuntelupiste')
	.description('A customer hears the recording of their own call at an office; nothing is downloaded.')
	.showHelpAfterError('(kuuntelupiste --help lists the commands)')
	.addCommand(initCommand)
	.addCommand(serveCommand)
	.addCommand(pocketbaseCommand)
	.addCommand(importCommand)
	.addCommand(sweepCommand)
	.addCommand(reconcileCommand)
	.addCommand(keysCommand)
	.addCommand(storageCommand)
	.addCommand(backupCommand)
	.addCommand(restoreCommand)
	.addCommand(doctorCommand)
	.addCommand(drillCommand)
	.addCommand(logCommand)
	.addCommand(settingsCommand);
