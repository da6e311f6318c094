/// An index by two things is for searches by both. For one by the second alone, SQLite may go through it once for each
/// value of the first, when it knows that a number or a service has more calls than most, and sorts thousands of rows
/// for one page. It may not use an index of some rows only unless the question implies which, so all rows are called some.
migrate((app) => {
	const recordings = app.findCollectionByNameOrId('recordings');
	const asked = {
		employee_number: ['employee'],
		team_length: ['team'],
		team_service: ['team'],
		service_kind: ['line', 'direction']
	};
	recordings.indexes = recordings.indexes.map((index) => {
		const columns = Object.entries(asked).find(([name]) => index.includes(`idx_recordings_${name} `))?.[1];
		return columns ? `${index} WHERE ${columns.map((column) => `${column} IS NOT NULL`).join(' AND ')}` : index;
	});
	app.save(recordings);
	// Saving made all its indexes anew, and what SQLite knew of them is gone.
	app.db().newQuery('ANALYZE').execute();
});
