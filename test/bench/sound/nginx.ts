import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { freePort } from '../../support/serving.ts';

/** A web server of plain files that runs until it is stopped. */
export interface FileServer {
	origin: string;
	stop(): Promise<void>;
}

/**
 * nginx with the files of a folder on loopback: one worker, `sendfile`, no log; what it needs itself lies beside them.
 * Under `/no-store/` it gives the same and has the browser keep nothing of it.
 */
export async function startNginx(files: string): Promise<FileServer> {
	const port = await freePort();
	const own = path.join(path.dirname(files), 'nginx');
	await mkdir(own);
	const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${own};`);
	await writeFile(
		path.join(own, 'nginx.conf'),
		`daemon off; worker_processes 1; pid ${own}/pid; error_log ${own}/errors;
		${process.getuid?.() === 0 ? 'user root;' : ''}
		events { worker_connections 4096; }
		http {
			types { audio/wav wav; audio/webm webm; audio/mpeg mp3; text/html html; text/javascript js; }
			access_log off; sendfile on; keepalive_requests 1000000000;
			${temporary.join(' ')}
			server {
				listen 127.0.0.1:${port}; root ${files};
				location /no-store/ { alias ${files}/; add_header Cache-Control no-store; }
			}
		}`
	);
	const child = spawn('nginx', ['-c', `${own}/nginx.conf`, '-p', own], { env: withSbin(), stdio: 'inherit' });
	const gone = once(child, 'exit');
	const origin = `http://127.0.0.1:${port}`;
	while (!(await fetch(origin).catch(() => undefined))) {
		if (child.exitCode !== null) throw new Error(`nginx ended with ${child.exitCode}`);
		await wait(20);
	}
	return {
		origin,
		async stop() {
			child.kill('SIGQUIT');
			await gone;
		}
	};
}

/** nginx stands where only the superuser's path leads. */
function withSbin(): NodeJS.ProcessEnv {
	return { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin` };
}
