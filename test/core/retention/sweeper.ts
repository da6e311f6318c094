// A process of its own that opens the register of KUUNTELUPISTE_DATA and sweeps; it kills itself right after the step
// that its argument names, and says `swept` when it comes to the end.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { openRegister } from '#register.server.ts';
import { sweep } from '#retention/sweep.ts';
import { readSettings } from '#settings.ts';

const settings = readSettings(process.env);
const url = readFileSync(path.join(settings.data, 'pocketbase.address'), 'utf8');
const register = await openRegister(settings, url);
await sweep(register, {
	driftMs: 0,
	silenceMs: 0,
	reached(step) {
		if (step === process.argv[2]) process.kill(process.pid, 'SIGKILL');
	}
});
await register.accessLog.close();
process.stdout.write('swept\n');
