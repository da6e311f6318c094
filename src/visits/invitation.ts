import QRCode from 'qrcode';

/** A QR code as one SVG path, a module a unit: level Q, so that a quarter of it may be creased or stained. */
export function qrPath(token: string): { path: string; modules: number } {
	const { modules } = QRCode.create([{ data: token, mode: 'alphanumeric' }], { errorCorrectionLevel: 'Q' });
	let path = '';
	for (let row = 0; row < modules.size; row++) {
		for (let column = 0; column < modules.size; column++) {
			if (modules.get(row, column)) path += `M${column} ${row}h1v1h-1z`;
		}
	}
	return { path, modules: modules.size };
}
