/** Where in one page's life a report of its player stands. */
export interface Report {
	/** Another one for each page that was loaded. */
	page: string;
	/** Rises with each report of that page. */
	number: number;
}

/**
 * The last report of each kiosk's player. A page that goes sends its last one beside the one that is under way, and the
 * two may overtake each other. In memory only: a page reports on, to whichever server is there.
 */
export class Reports {
	readonly #last = new Map<string, Report>();

	/** Takes a report in, unless a later one of the same page has come before it. */
	isNews(kiosk: string, report: Report): boolean {
		const last = this.#last.get(kiosk);
		if (last?.page === report.page && last.number > report.number) return false;
		this.#last.set(kiosk, report);
		return true;
	}
}
