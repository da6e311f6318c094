/// Calls as a list shows them. PocketBase reads a row whole whatever it is asked for, and most of a recording's row is
/// its peaks: this view leaves them out, and all else that no list shows (src/recordings/recording.ts).
migrate((app) => {
	const recordings = app.findCollectionByNameOrId('recordings');
	// A large customer's number has thousands of calls: what a search narrows them by is in its index too.
	const narrowing = ['length_class', 'duration_ms', 'service_number', 'direction', 'line'];
	const columns = ['customer_number_masked', 'answered', 'id', 'employee', 'team', ...narrowing];
	recordings.indexes = [
		...recordings.indexes.filter((one) => !one.includes('idx_recordings_number ')),
		`CREATE INDEX idx_recordings_number ON recordings (${columns.join(', ')})`
	];
	app.save(recordings);
	// Saving made all its indexes anew, and what SQLite knew of them is gone.
	app.db().newQuery('ANALYZE').execute();

	const fields = [
		...['id', 'answered', 'disconnected', 'duration_ms', 'length_class', 'direction', 'line', 'service_number'],
		...['customer_number_masked', 'employee', 'employee_name', 'team', 'destroy_after']
	];
	// Persons see in lists what they saw; the services' ways in are to the recordings themselves.
	const listRule = recordings.listRule
		.split(/(?<=\)) \|\| (?=\()/)
		.filter((way) => !way.includes('"services"'))
		.join(' || ');
	const viewQuery = `SELECT ${fields.join(', ')} FROM recordings`;
	app.save(new Collection({ type: 'view', name: 'calls', viewQuery, listRule, viewRule: null }));
});
