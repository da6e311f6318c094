/// What is searched for by two things at once has an index by both: a walk through all of a large team's calls, or of a
/// busy service number's, is fifty times as long as the page that it looks for. On a million rows it takes minutes.
migrate((app) => {
	const recordings = app.findCollectionByNameOrId('recordings');
	const index = (name, ...columns) => `CREATE INDEX idx_recordings_${name} ON recordings (${columns.join(', ')})`;
	recordings.indexes = [
		...recordings.indexes,
		index('employee_number', 'employee', 'customer_number_masked', 'answered', 'id'),
		index('team_length', 'team', 'length_class', 'answered', 'id', 'duration_ms', 'direction', 'line'),
		index(
			'team_service',
			...['team', 'service_number', 'answered', 'id', 'length_class', 'duration_ms', 'direction', 'line']
		),
		index('service_kind', ...['service_number', 'line', 'direction', 'answered', 'id', 'length_class', 'duration_ms'])
	];
	app.save(recordings);
	// Saving made all its indexes anew, and what SQLite knew of them is gone.
	app.db().newQuery('ANALYZE').execute();
});
