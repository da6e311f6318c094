/// Searching at the size of a national call centre: each way to search has an index that holds, in this order, what the
/// search is for, the moment by which it sorts, the id by which it pages on, and what else it may narrow by, so that no
/// row is read only to be left out. Fills a column: on a million rows it takes minutes, in which nothing is answered.
migrate((app) => {
	const sql = (text) => app.db().newQuery(text).execute();
	const recordings = app.findCollectionByNameOrId('recordings');

	// Which stretch of lengths the call falls into (src/recordings/length.ts): one value, where a span would be a scan.
	recordings.fields.add(new Field({ name: 'length_class', type: 'number', onlyInt: true, min: 0, max: 9 }));
	const replaced = /idx_recordings_(answered|employee|team|number)\b/;
	const index = (name, ...columns) => `CREATE INDEX idx_recordings_${name} ON recordings (${columns.join(', ')})`;
	recordings.indexes = [
		...recordings.indexes.filter((one) => !replaced.test(one)),
		index('answered', 'answered', 'id', 'direction', 'line'),
		index(
			'employee',
			'employee',
			'answered',
			'id',
			'length_class',
			'duration_ms',
			'service_number',
			'direction',
			'line'
		),
		index('team', 'team', 'answered', 'id', 'length_class', 'duration_ms', 'service_number', 'direction', 'line'),
		index('number', 'customer_number_masked', 'answered', 'id', 'employee', 'team'),
		index('service', 'service_number', 'answered', 'id', 'length_class', 'duration_ms', 'direction', 'line'),
		index('length', 'length_class', 'answered', 'id', 'duration_ms', 'direction', 'line')
	];
	recordings.updateRule += ' && @request.body.length_class:changed = false';
	app.save(recordings);

	const lengths = [60, 120, 180, 300, 480, 720, 1200, 1800, 3600];
	const lengthClass = (row) =>
		`CASE ${lengths.map((seconds, count) => `WHEN ${row}duration_ms < ${seconds * 1000} THEN ${count}`).join(' ')} ELSE 9 END`;
	for (const event of ['INSERT', 'UPDATE']) {
		sql(
			`CREATE TRIGGER recordings_length_${event.toLowerCase()} AFTER ${event} ON recordings
				WHEN NEW.length_class IS NOT ${lengthClass('NEW.')} BEGIN
				UPDATE recordings SET length_class = ${lengthClass('')} WHERE id = NEW.id;
			END`
		);
	}
	sql(`UPDATE recordings SET length_class = ${lengthClass('')}`);

	// PocketBase holds an account back for up to half a second after three searches without a result, counted by address,
	// and all of ours come from one. What asks is named by this header, which nobody but our own server can send it.
	const settings = app.settings();
	settings.trustedProxy.headers = ['X-Question'];
	app.save(settings);
});
