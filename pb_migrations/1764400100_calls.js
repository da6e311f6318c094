/// Calls as a list shows them. PocketBase reads a row whole whatever it is asked for, and most of a recording's row is
/// its peaks: this view leaves them out, and all else that no list shows (src/recordings/recording.ts).
migrate((app) => {
	const recordings = app.findCollectionByNameOrId('recordings');
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
