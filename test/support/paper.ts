import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import jsQR from 'jsqr';
import { PNG } from 'pngjs';

/** A printed page as whoever gets the paper has it. */
export interface Paper {
	pages: number;
	/** The text that can be selected in the file. */
	text: string;
	/** What a scanner reads from its first page at 300 dots per inch, and how wide that code is. */
	code: { says: string; mm: number } | undefined;
}

const dotsPerInch = 300;

/** Renders a PDF at 300 dots per inch, as a printer does, and looks for a code on it. */
export async function onPaper(pdf: Buffer): Promise<Paper> {
	const folder = await mkdtemp(path.join(os.tmpdir(), 'kuuntelupiste-paper-'));
	try {
		const file = path.join(folder, 'page.pdf');
		await writeFile(file, pdf);
		const about = execFileSync('pdfinfo', [file], { encoding: 'utf8' });
		execFileSync('pdftoppm', ['-r', String(dotsPerInch), '-f', '1', '-singlefile', '-png', file, file]);
		const { data, width, height } = PNG.sync.read(await readFile(`${file}.png`));
		const found = jsQR(new Uint8ClampedArray(data), width, height);
		return {
			pages: Number(/^Pages:\s+(\d+)$/m.exec(about)?.[1]),
			text: execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' }),
			code: found ? { says: found.data, mm: widthOf(found.location) } : undefined
		};
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

function widthOf({ topLeftCorner, topRightCorner }: NonNullable<ReturnType<typeof jsQR>>['location']): number {
	const dots = Math.hypot(topRightCorner.x - topLeftCorner.x, topRightCorner.y - topLeftCorner.y);
	return (dots / dotsPerInch) * 25.4;
}
