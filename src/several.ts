/** Does `work` for each item, so many at a time; after a failure it begins no more, and throws the first one. */
export async function several<T>(items: readonly T[], atOnce: number, work: (item: T) => Promise<void>): Promise<void> {
	const queue = items.values();
	let stopped = false;
	const worker = async (): Promise<void> => {
		for (const item of queue) {
			if (stopped) return;
			await work(item).catch((fault: unknown) => {
				stopped = true;
				throw fault;
			});
		}
	};
	const done = await Promise.allSettled(Array.from({ length: Math.min(atOnce, items.length) }, worker));
	const fault = done.find((one) => one.status === 'rejected');
	if (fault) throw fault.reason;
}
