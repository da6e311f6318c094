import type { Machine } from './machine.ts';
import { must } from './must.ts';

// The server has a limit of its own and would answer first; so here something that takes everything stands behind Caddy.
const taker = `require('node:http').createServer((asked, answer) => {
	let bytes = 0;
	asked.on('data', (piece) => (bytes += piece.length)).on('end', () => answer.end(String(bytes)));
}).listen(3000, '127.0.0.1')`;
const secret = 'a-secret-that-no-log-may-have';

/** Looks at what the guide's Caddyfile does by itself: the limit of a request, and what its log has of one that failed. */
export function proxyAlone(machine: Machine, name: string): void {
	const over = `curl --silent --cacert /etc/caddy/ca.pem --resolve ${name}:443:127.0.0.1`;
	// Over HTTP/2 Debian's curl does not show an answer that comes before it has sent everything.
	const post = (bytes: number, how = ''): string =>
		`head -c ${bytes} /dev/zero | ${over} ${how} --write-out ' %{http_code}\\n' --data-binary @- https://${name}/ || true`;
	machine.run('systemctl stop kuuntelupiste');
	try {
		const [under, at, beyond, hidden] = machine
			.run(
				`/opt/kuuntelupiste/node_modules/node/bin/node -e "${taker}" & taker=$!
				sleep 2; ${post(900_000)}; ${post(999_999)}; ${post(1_000_000, '--http1.1')}; ${post(1_000_001, "--http1.1 --header 'Transfer-Encoding: chunked'")}; kill $taker`
			)
			.trim()
			.split('\n');
		must('Caddy lets 900,000 bytes through', under === '900000 200', String(under));
		must('and 999,999', at === '999999 200', String(at));
		must('and refuses a million with 413', beyond?.trim() === '413', String(beyond));
		must('and more than a million without a length too', /^(413|502)$/.test(String(hidden?.trim())), String(hidden));

		const unanswered = machine.run(
			`${over} --include --header 'Cookie: __Host-session=${secret}' --header 'Authorization: Bearer ${secret}' https://${name}/console`
		);
		must('without a server Caddy says 502', /^HTTP\/2 502/.test(unanswered), unanswered);
		must(
			'with HSTS, and nothing to keep',
			/^strict-transport-security: max-age=\d{8}/m.test(unanswered) && /^cache-control: no-store/m.test(unanswered),
			unanswered
		);
		const journal = machine.run('sleep 1; journalctl --no-pager -o cat -u caddy');
		must('its log is there', /serving initial configuration/.test(journal), journal);
		must(
			'and has no cookie, nor whose request failed',
			!journal.includes(secret) && !/remote_ip/.test(journal),
			journal
		);
	} finally {
		machine.run('systemctl start kuuntelupiste');
	}
}
