import type { Client } from '#pocketbase/pocketbase.ts';
import { openProxy, type Proxy } from './proxy.ts';
import { freePort, serve, type Serving } from './serving.ts';

/** The whole product behind a line that the tests can cut: browsers reach it by the line only. */
export async function serveByProxy(
	furnish: (superuser: Client) => Promise<void>
): Promise<{ proxy: Proxy; serving: Serving }> {
	const proxy = await openProxy();
	const port = await freePort();
	proxy.to(port);
	const serving = await serve(furnish, { KUUNTELUPISTE_PORT: String(port), KUUNTELUPISTE_ORIGIN: proxy.origin });
	return { proxy, serving: { ...serving, origin: proxy.origin } };
}
