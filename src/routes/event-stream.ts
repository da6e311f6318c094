/** A page that hears nothing for longer than twice this takes the line for cut. */
const heartbeatMs = 5000;

/**
 * Server-sent events: `subscribe` gets a `send` and gives what ends the subscription. The stream carries no data of its
 * own ("look again"), beats every five seconds with an event of that name, and ends when the browser goes away. Who asks
 * for its head only is answered at once: a body that never comes would never end.
 */
export function eventStream(request: Request, subscribe: (send: (data?: string) => void) => () => void): Response {
	const headers = { 'Content-Type': 'text/event-stream', 'X-Accel-Buffering': 'no' };
	if (request.method === 'HEAD') return new Response(null, { headers });
	const encoder = new TextEncoder();
	let close = (): void => undefined;
	const stream = new ReadableStream<Uint8Array>({
		start(controller) {
			let isOpen = true;
			// News may come behind whoever went away: a stream that is over takes none, and would throw.
			const write = (text: string): void => {
				if (isOpen) controller.enqueue(encoder.encode(text));
			};
			const unsubscribe = subscribe((data = 'look') => write(`data: ${data}\n\n`));
			const heart = setInterval(() => write('event: beat\ndata: here\n\n'), heartbeatMs);
			close = () => {
				if (!isOpen) return;
				isOpen = false;
				clearInterval(heart);
				unsubscribe();
			};
			// Whoever went away has cancelled the stream already, or is about to.
			request.signal.addEventListener('abort', close);
			write(': welcome\n\n');
		},
		cancel: () => close()
	});
	return new Response(stream, { headers });
}
