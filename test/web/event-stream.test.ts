import { expect, it } from 'vitest';
import { eventStream } from '../../src/routes/event-stream.ts';

it.each(['cancels it', 'breaks off'])('news for a page that went away are nobody’s: it %s', async (how) => {
	let send: () => void = () => undefined;
	let ended = 0;
	const gone = new AbortController();
	const request = new Request('http://127.0.0.1/news', { signal: gone.signal });
	const answer = eventStream(request, (tell) => {
		send = () => tell();
		return () => void ended++;
	});
	const reader = answer.body?.getReader();
	send();
	expect(new TextDecoder().decode((await reader?.read())?.value)).toContain('welcome');
	if (how === 'cancels it') await reader?.cancel();
	else gone.abort();
	expect(ended).toBe(1);
	expect(send).not.toThrow();
	await reader?.cancel();
	expect(send).not.toThrow();
	expect(ended).toBe(1);
});

it('the head alone is answered without news', () => {
	const answer = eventStream(new Request('http://127.0.0.1/news', { method: 'HEAD' }), () => {
		throw new Error('nobody listens');
	});
	expect(answer.body).toBeNull();
	expect(answer.headers.get('content-type')).toBe('text/event-stream');
});
