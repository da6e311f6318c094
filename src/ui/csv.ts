/**
 * One line of RFC 4180. Every field is quoted, and one that a spreadsheet would take for a formula gets an apostrophe
 * before it, so that no file of ours computes anything.
 */
export function csvLine(fields: readonly (string | number)[]): string {
	return `${fields.map((field) => `"${harmless(field).replaceAll('"', '""')}"`).join(',')}\r\n`;
}

/** An answer that is a file of these lines, sent as they come. */
export function csvStream(name: string, lines: AsyncIterable<string>): Response {
	const encoder = new TextEncoder();
	const given = lines[Symbol.asyncIterator]();
	const body = new ReadableStream<Uint8Array>({
		start(controller) {
			// By this mark spreadsheets know UTF-8.
			controller.enqueue(encoder.encode('\uFEFF'));
		},
		async pull(controller) {
			const { done, value } = await given.next();
			if (done) controller.close();
			else controller.enqueue(encoder.encode(value));
		},
		async cancel() {
			await given.return?.(undefined);
		}
	});
	return new Response(body, {
		headers: {
			'Content-Type': 'text/csv; charset=utf-8; header=present',
			'Content-Disposition': `attachment; filename="${name}"`,
			'Cache-Control': 'no-store'
		}
	});
}

function harmless(field: string | number): string {
	// A number that we counted is one; what begins like a formula is text.
	return typeof field === 'string' && /^[\s]*[=+\-@|%\t\r\n＝＋－＠]/.test(field) ? `'${field}` : String(field);
}
