import { blocksOf } from '../../support/guide.ts';
import type { Machine } from './machine.ts';
import { must } from './must.ts';

// What makes the same archive a later version: a migration that this one does not know.
const later = `echo 'migrate((app) => { app.db().newQuery("CREATE TABLE later (id TEXT)").execute(); })' > /opt/kuuntelupiste/pb_migrations/1999999999_later.js`;

/** Follows the guide to a later version and, by way of a restore, back to this one. */
export function thereAndBack(machine: Machine, guide: string): void {
	const blocks = (heading: string): string[] =>
		blocksOf(guide)
			.filter((one) => one.heading === heading)
			.map(({ text }) => text);
	const [upgrade = '', back = ''] = blocks('Upgrade');
	const [restore = ''] = blocks('Backup and restore');
	const entries = (said: string): number => Number(/(\d+) entries, intact/.exec(said)?.[1]);
	const before = entries(machine.run('kuuntelupiste log verify'));

	const upgraded = machine.run(upgrade.replace(/^tar .*$/m, (line) => `${line}\n${later}`));
	must('the later version has nothing to act on', upgraded.includes(', 0 to act on'), upgraded);
	const kept = machine.run('ls /var/lib/kuuntelupiste/pocketbase/before-migration');
	must('a copy of the database from before is kept', kept.trim() !== '', kept);

	machine.run(
		'systemctl stop kuuntelupiste kuuntelupiste-pocketbase; mv /opt/kuuntelupiste /opt/later; cp -a /opt/kuuntelupiste.before /opt/kuuntelupiste'
	);
	machine.run('systemctl start kuuntelupiste', { mayFail: true });
	const refused = machine.run('journalctl --no-pager -o cat -u kuuntelupiste-pocketbase -n 20');
	must('this version does not start on its data', /is of a newer version/.test(refused), refused);
	machine.run(
		'systemctl stop kuuntelupiste kuuntelupiste-pocketbase; rm -r /opt/kuuntelupiste; mv /opt/later /opt/kuuntelupiste'
	);

	machine.run(back);
	const newest = (folder: string): string => machine.run(`ls ${folder} | sort | tail -n 1`).trim();
	const timed = (text: string): string =>
		text.replaceAll(/(\S+)\/TIME\b/g, (_, folder) => `${folder}/${newest(folder)}`);
	const restored = machine.run(timed(restore));
	console.log(restored);
	must('the restored register has nothing to act on', restored.includes(', 0 to act on'), restored);
	must('and every entry of the log', entries(restored) > before, `${before} before; ${restored}`);
	const tried = machine.run(timed(blocks('Try it')[0] ?? ''));
	console.log(tried);
	must('after a drill everything is fine', tried.includes(', 0 to look at, 0 to act on'), tried);
	must(
		'the page is there',
		machine.run('curl --silent --fail http://127.0.0.1:3000/healthz && echo well').includes('well'),
		''
	);
}
