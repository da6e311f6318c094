/// What the register holds of a call (register description § 5), and who may see it (§ 8a).
migrate((app) => {
	const staff = '@request.auth.collectionName = "staff" && @request.auth.active = true';
	const trained = `${staff} && @request.auth.trained_until > @now`;
	const service = (name) => `@request.auth.collectionName = "services" && @request.auth.name = "${name}"`;
	const any = (...rules) => rules.map((rule) => `(${rule})`).join(' || ');
	const alive = 'destroy_after > @now';
	const contactPerson = `${trained} && @request.auth.roles ~ "contact_person" && ${alive}`;
	const ownCall = `${trained} && @request.auth.roles ~ "agent" && employee = @request.auth.id && ${alive}`;
	// Without `team != ""` a call of no team would be everybody's.
	const subordinatesCall = `${trained} && @request.auth.roles ~ "supervisor" && team != "" && @request.auth.supervises ~ team && ${alive}`;

	const staffId = app.findCollectionByNameOrId('staff').id;
	const teamsId = app.findCollectionByNameOrId('teams').id;
	const recordings = new Collection({
		type: 'base',
		name: 'recordings',
		fields: [
			{ name: 'answered', type: 'date', required: true },
			{ name: 'disconnected', type: 'date', required: true },
			{ name: 'duration_ms', type: 'number', required: true, onlyInt: true, min: 1 },
			{ name: 'direction', type: 'select', required: true, maxSelect: 1, values: ['received', 'made'] },
			{ name: 'line', type: 'select', required: true, maxSelect: 1, values: ['customer_service', 'telesales'] },
			{ name: 'service_number', type: 'text', required: true, max: 20 },
			// The pattern is the promise: three asterisks at the end, never a full number. Empty: the number was withheld.
			{ name: 'customer_number_masked', type: 'text', max: 20, pattern: '^(\\+?[0-9]{0,14}\\*{3})?$' },
			{ name: 'employee', type: 'relation', required: true, collectionId: staffId, maxSelect: 1 },
			{ name: 'employee_name', type: 'text', required: true, max: 120 },
			// The employee's team now, kept by the trigger below, so that the rules need no join.
			{ name: 'team', type: 'relation', collectionId: teamsId, maxSelect: 1 },
			{ name: 'audio', type: 'file', required: true, maxSelect: 1, maxSize: 512 * 1024 * 1024, protected: true },
			{ name: 'audio_type', type: 'text', required: true, max: 60 },
			{ name: 'audio_bytes', type: 'number', required: true, onlyInt: true, min: 1 },
			{ name: 'audio_sha256', type: 'text', required: true, pattern: '^[0-9a-f]{64}$' },
			{ name: 'key_day', type: 'text', required: true, pattern: '^\\d{4}-\\d{2}-\\d{2}$' },
			{ name: 'peaks', type: 'json', required: true, maxSize: 100000 },
			{ name: 'channels', type: 'number', required: true, onlyInt: true, min: 1, max: 2 },
			{ name: 'destroy_after', type: 'date', required: true },
			{ name: 'source_key', type: 'text', required: true, pattern: '^[0-9a-f]{64}$' },
			{ name: 'created', type: 'autodate', onCreate: true }
		],
		indexes: [
			'CREATE UNIQUE INDEX idx_recordings_source_key ON recordings (source_key)',
			'CREATE INDEX idx_recordings_answered ON recordings (answered)',
			'CREATE INDEX idx_recordings_employee ON recordings (employee, answered)',
			'CREATE INDEX idx_recordings_team ON recordings (team, answered)',
			'CREATE INDEX idx_recordings_number ON recordings (customer_number_masked, answered)',
			'CREATE INDEX idx_recordings_destroy_after ON recordings (destroy_after)'
		],
		listRule: any(contactPerson, ownCall, subordinatesCall, service('intake'), service('retention')),
		viewRule: any(contactPerson, ownCall, subordinatesCall, service('web'), service('intake'), service('retention')),
		createRule: service('intake'),
		updateRule: null,
		deleteRule: service('retention')
	});
	app.save(recordings);

	// A former subordinate's calls close at once, and a new one's open (§ 8a speaks of the present).
	app
		.db()
		.newQuery(
			`CREATE TRIGGER staff_team AFTER UPDATE OF team ON staff WHEN NEW.team IS NOT OLD.team BEGIN
				UPDATE recordings SET team = NEW.team WHERE employee = NEW.id;
			END`
		)
		.execute();
});
