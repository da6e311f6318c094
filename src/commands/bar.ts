import { Presets, SingleBar } from 'cli-progress';

/** Shows how far the work is, how fast and for how long still, on a terminal only. */
export async function withBar<T>(
	name: string,
	unit: string,
	work: (show: (done: number, total: number) => void) => Promise<T>
): Promise<T> {
	if (!process.stderr.isTTY) return work(() => undefined);
	const format = `${name} [{bar}] {value}/{total} ${unit}, {rate} a second, {eta_formatted} to go`;
	const bar = new SingleBar({ format }, Presets.legacy);
	const beganMs = performance.now();
	bar.start(0, 0, { rate: 0 });
	try {
		return await work((done, total) => {
			bar.setTotal(total);
			bar.update(done, { rate: ((done * 1000) / (performance.now() - beganMs)).toFixed(1) });
		});
	} finally {
		bar.stop();
	}
}
