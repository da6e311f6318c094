import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { blocksOf } from '../support/guide.ts';
import { boot, offline, type Machine } from './install/machine.ts';
import { look } from './install/look.ts';
import { proxyAlone } from './install/proxy.ts';
import { thereAndBack } from './install/upgrade.ts';

// `npm run faults -- install`: the maintainer's guide, followed by script on a new Debian 12 with systemd: from
// debootstrap to `doctor` and the main job in a browser, through Caddy with TLS. Root only, with debootstrap,
// systemd-nspawn and libnss3-tools; takes about ten minutes, half of them for Debian's packages. What Debian gave is kept
// in `--base FOLDER` (/var/tmp/kuuntelupiste-debian) for the next run; everything else is removed. `--archive FILE` takes
// an archive that was made before.

const project = path.join(import.meta.dirname, '../..');
const guide = path.join(project, 'deploy/server/README.md');
const name = 'kuuntelupiste.localhost';
const { values } = parseArgs({
	options: { base: { type: 'string', default: '/var/tmp/kuuntelupiste-debian' }, archive: { type: 'string' } }
});
const base = path.resolve(values.base);
const began = Date.now();

const folder = mkdtempSync('/var/tmp/kuuntelupiste-install-');
const root = path.join(folder, 'root');
let machine: Machine | undefined;
try {
	say('Debian 12');
	if (!existsSync(path.join(base, 'usr/bin/systemctl'))) {
		run('debootstrap', ['--variant=minbase', '--include=systemd,systemd-sysv,dbus,ca-certificates', 'bookworm', base]);
	}
	// Debian's part is kept for the next run, which is for ours.
	const programs = block('Programs, users, files');
	const [install = ''] = programs.split('\n');
	offline(
		base,
		`export DEBIAN_FRONTEND=noninteractive; apt-get update -qq; ${install.replace('install', 'install -qq')}`
	);
	for (const one of ['root', 'upper', 'work']) mkdirSync(path.join(folder, one));
	const layers = `lowerdir=${base},upperdir=${path.join(folder, 'upper')},workdir=${path.join(folder, 'work')}`;
	run('mount', ['-t', 'overlay', 'overlay', '-o', layers, root]);

	say('The archive');
	if (!values.archive) {
		const checkout = mkdirAt(path.join(folder, 'checkout'));
		run('sh', ['-c', `git -C ${project} archive HEAD | tar -x -C ${checkout}`]);
		run('sh', ['-euc', block('The archive')], { cwd: checkout });
	}
	const archive = values.archive ?? path.join(folder, 'kuuntelupiste.tar.gz');
	run('cp', [archive, path.join(root, 'root/kuuntelupiste.tar.gz')]);

	say('Programs, users, files');
	offline(root, `cd /root\n${programs}`);

	// As Debian's installer leaves it, and debootstrap does not; the name would be in the house's name server.
	writeFileSync(path.join(root, 'etc/hosts'), `127.0.0.1 localhost ${name}\n`);
	say('systemd');
	machine = await boot(root);
	const certificate = path.join(folder, 'certificate');
	run('sh', ['-euc', certificateFor(name)], { cwd: mkdirAt(certificate), env: { ...process.env, name } });
	run('sh', ['-c', `cp server.pem server.key ca.pem ${root}/etc/caddy/`], { cwd: certificate });
	machine.run('chown caddy /etc/caddy/server.key');

	say('Settings and master key');
	machine.run(block('Settings and master key').replace('name=kuuntelupiste.example', `name=${name}`));
	// A certificate of one's own, as the guide says; and no second factor, which the story of the main job does without.
	machine.run(`sed -i 's|^${name} {|&\\n\\ttls /etc/caddy/server.pem /etc/caddy/server.key|' /etc/caddy/Caddyfile
		echo KUUNTELUPISTE_SECOND_FACTOR=no >> /etc/kuuntelupiste/settings`);
	say('The register');
	console.log(machine.run(block('The register')));
	say('Start');
	console.log(machine.run(block('Start')));

	await look({ machine, project, root, name, certificate, folder });
	say('Caddy by itself');
	proxyAlone(machine, name);
	say('Upgrade, and back again');
	thereAndBack(machine, guide);
	console.log(`\nInstalled and tried in ${Math.round((Date.now() - began) / 1000)} s.`);
} catch (fault) {
	console.error(fault instanceof Error ? fault.message : fault);
	if (machine)
		console.error(
			machine.run('journalctl --no-pager -o short -n 60; systemctl --failed --no-pager', { mayFail: true })
		);
	process.exitCode = 1;
} finally {
	await machine?.halt();
	run('sh', ['-c', `umount ${root} 2>/dev/null || true`]);
	rmSync(folder, { recursive: true, force: true });
}

function block(heading: string): string {
	const found = blocksOf(guide).find((one) => one.heading === heading);
	if (!found) throw new Error(`the guide has nothing to type under "${heading}"`);
	return found.text;
}

/** An authority of its own and a certificate of it, for three months. */
function certificateFor(host: string): string {
	return `openssl req -x509 -newkey rsa:2048 -nodes -days 90 -keyout ca.key -out ca.pem -subj /CN=tests 2>/dev/null
		openssl req -newkey rsa:2048 -nodes -keyout server.key -out server.csr -subj /CN=${host} 2>/dev/null
		printf 'subjectAltName=DNS:${host}' > names
		openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 90 -extfile names -out server.pem 2>/dev/null`;
}

function mkdirAt(place: string): string {
	mkdirSync(place, { recursive: true });
	return place;
}

function run(program: string, words: string[], options: { cwd?: string; env?: NodeJS.ProcessEnv } = {}): void {
	execFileSync(program, words, { stdio: ['ignore', 'ignore', 'inherit'], ...options });
}

function say(what: string): void {
	console.log(`── ${what} (${Math.round((Date.now() - began) / 1000)} s)`);
}
