/// Two searches walked further than their page. A supervisor's for a service number's calls of one line and direction went
/// through all that the team had of that number, when there were none of the kind: it has an index by all four. A length
/// of several classes was several questions, and is one where the time is short: the index by time holds the length too.
/// On a million rows this takes minutes, in which nothing is answered; so both are one migration.
migrate((app) => {
	const recordings = app.findCollectionByNameOrId('recordings');
	const columns = ['team', 'service_number', 'line', 'direction', 'answered', 'id', 'length_class', 'duration_ms'];
	// Of some rows only, as its neighbours are: so no search by fewer things goes through it (see `no_skipping`).
	const some = columns.slice(0, 4).map((column) => `${column} IS NOT NULL`);
	recordings.indexes = [
		...recordings.indexes.filter((one) => !one.includes('idx_recordings_answered ')),
		'CREATE INDEX idx_recordings_answered ON recordings (answered, id, direction, line, duration_ms)',
		`CREATE INDEX idx_recordings_team_kind ON recordings (${columns.join(', ')}) WHERE ${some.join(' AND ')}`
	];
	app.save(recordings);
	// Saving made all its indexes anew, and what SQLite knew of them is gone.
	app.db().newQuery('ANALYZE').execute();
});
