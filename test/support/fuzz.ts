import fc from 'fast-check';
import type { Route } from './route-table.ts';

// Requests that no page of ours would send, over every route and action.

/** One request, and as whom it is sent. */
export interface Odd {
	who: number;
	method: string;
	address: string;
	headers: Record<string, string>;
	body: string | undefined;
}

/** What came back that never may; nothing when all is well. */
export function amiss(
	{ status, text }: { status: number; text: string },
	secrets: readonly string[]
): string | undefined {
	if (status >= 500) return `status ${status}`;
	if (
		/\bat (?:async )?\S+ \(?(?:file|node):|node_modules|\/src\/\w+\/|TypeError|ReferenceError|SQLITE_|ClientResponseError/.test(
			text
		)
	) {
		return 'something internal';
	}
	const secret = secrets.findIndex((one) => text.includes(one));
	return secret >= 0 ? `secret ${secret}` : undefined;
}

/** Odd requests over these routes, by `people` different cookies, with these real ids among the made-up ones. */
export function oddRequests(routes: readonly Route[], people: number, ids: readonly string[]): fc.Arbitrary<Odd> {
	const value = fc.oneof(
		{ weight: 3, arbitrary: fc.constantFrom(...ids) },
		{
			weight: 3,
			arbitrary: fc.constantFrom(
				'',
				'0',
				'-1',
				'yes',
				'on',
				'null',
				'__proto__',
				'2026-02-30',
				'2026-11-25',
				'24:00',
				'9'.repeat(400),
				'+358491234567',
				"' OR 1=1 --",
				'" || id != "',
				'{:id}',
				'../../../etc/passwd',
				'%00',
				'<script>alert(1)</script>'
			)
		},
		{ weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
		{ weight: 1, arbitrary: fc.integer().map(String) },
		{ weight: 1, arbitrary: fc.nat({ max: 9000 }).map((length) => 'ä'.repeat(length)) }
	);
	return fc.constantFrom(...routes).chain((route) => {
		const names = fc.oneof(
			{ weight: 6, arbitrary: fc.constantFrom('id', ...route.fields) },
			fc.string({ unit: 'binary', maxLength: 12 })
		);
		const pairs = fc.array(fc.tuple(names, value), { maxLength: 8 });
		const part = fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...ids) }, value);
		return fc
			.record({
				who: fc.nat({ max: people - 1 }),
				method: fc.oneof(
					{ weight: 4, arbitrary: fc.constantFrom('GET', 'POST', 'POST') },
					fc.constantFrom('HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS')
				),
				parts: fc.array(part, { minLength: 3, maxLength: 3 }),
				query: pairs,
				action: fc.option(fc.constantFrom('', ...route.actions, 'constructor', 'nothing')),
				form: pairs,
				as: fc.constantFrom('urlencoded', 'urlencoded', 'urlencoded', 'multipart', 'json', 'text', 'none'),
				accept: fc.constantFrom('text/html', 'application/json', '*/*')
			})
			.map(({ who, method, parts, query, action, form, as, accept }) => {
				let next = 0;
				const place = route.address.replaceAll(
					/\[\w+\]/g,
					() => encodeURIComponent(wellFormed(parts[next++ % parts.length] ?? '').slice(0, 100)) || 'x'
				);
				const asked = new URLSearchParams(
					query.map(([name, text]) => [wellFormed(name), wellFormed(text).slice(0, 120)])
				);
				const search = [action === null ? '' : `/${action}`, asked.toString()].filter(Boolean).join('&');
				const sent = method === 'GET' || method === 'HEAD' ? { headers: {}, body: undefined } : bodyOf(form, as);
				return {
					who,
					method,
					address: search ? `${place}?${search}` : place,
					headers: { Accept: accept, ...sent.headers },
					body: sent.body
				};
			});
	});
}

function bodyOf(form: [string, string][], as: string): { headers: Record<string, string>; body: string | undefined } {
	const pairs = form.map(([name, text]): [string, string] => [wellFormed(name), wellFormed(text)]);
	if (as === 'none') return { headers: {}, body: undefined };
	if (as === 'json')
		return { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(Object.fromEntries(pairs)) };
	if (as === 'text') return { headers: { 'Content-Type': 'text/plain' }, body: pairs.flat().join('\n') };
	if (as === 'urlencoded') {
		return {
			headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
			body: new URLSearchParams(pairs).toString()
		};
	}
	const parts = pairs.map(
		([name, text]) =>
			`--b\r\nContent-Disposition: form-data; name="${name.replaceAll(/["\r\n]/g, '')}"\r\n\r\n${text}\r\n`
	);
	return { headers: { 'Content-Type': 'multipart/form-data; boundary=b' }, body: `${parts.join('')}--b--\r\n` };
}

function wellFormed(text: string): string {
	return text.toWellFormed();
}
