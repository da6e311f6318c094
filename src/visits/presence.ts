/** A kiosk that is silent for so long is gone: its browser fell, its line was cut, its power failed. */
const silenceMs = 15_000;

/** The kiosks that are there now and which version of the page each shows. In memory only: after a restart they tell it anew. */
export class Presence {
	readonly #kiosks = new Map<string, { version: string; silence: NodeJS.Timeout }>();
	readonly #silenceMs: number;

	constructor({ silentMs = silenceMs } = {}) {
		this.#silenceMs = silentMs;
	}

	/** The version that a kiosk shows; undefined when it is not there. */
	versionAt(kiosk: string): string | undefined {
		return this.#kiosks.get(kiosk)?.version;
	}

	/** A kiosk says that it is there. Calls `gone` once when it falls silent. True when that is news. */
	heard(kiosk: string, version: string, gone: () => void): boolean {
		const before = this.#kiosks.get(kiosk);
		clearTimeout(before?.silence);
		const silence = setTimeout(() => {
			this.#kiosks.delete(kiosk);
			gone();
		}, this.#silenceMs).unref();
		this.#kiosks.set(kiosk, { version, silence });
		return before?.version !== version;
	}
}
