/// What the intake needs to be safe to repeat and to interrupt, and what it tells the maintainers: counts, no call data.
migrate((app) => {
	const staff = '@request.auth.collectionName = "staff" && @request.auth.active = true';
	const maintainer = `${staff} && @request.auth.roles ~ "maintainer"`;
	const intake = '@request.auth.collectionName = "services" && @request.auth.name = "intake"';
	const unchanged = (...fields) => fields.map((field) => `@request.body.${field}:changed = false`).join(' && ');

	const recordings = app.findCollectionByNameOrId('recordings');
	// What follows from the sound may be stored anew while nobody has read it back.
	const ofTheSound = ['audio', 'audio_type', 'audio_bytes', 'audio_sha256', 'peaks', 'channels'];
	const facts = recordings.fields.fieldNames().filter((name) => !['id', 'created', ...ofTheSound].includes(name));
	// SHA-256 of the file as the recorder left it; of two files, of both their hashes.
	recordings.fields.add(new Field({ name: 'original_sha256', type: 'text', pattern: '^([0-9a-f]{64})?$' }));
	// When the stored file was read back and opened; empty when the storing was cut short.
	recordings.fields.add(new Field({ name: 'checked', type: 'date' }));
	recordings.indexes = [
		...recordings.indexes,
		'CREATE INDEX idx_recordings_original ON recordings (original_sha256, answered)'
	];
	recordings.updateRule = `(${recordings.updateRule}) || (${intake} && checked = "" && own_key = false && ${unchanged(...facts, 'original_sha256')})`;
	app.save(recordings);

	const runs = new Collection({
		type: 'base',
		name: 'intake_runs',
		fields: [
			{ name: 'began', type: 'date', required: true },
			{ name: 'seen', type: 'date', required: true },
			{ name: 'state', type: 'select', required: true, maxSelect: 1, values: ['running', 'done', 'failed'] },
			// Why it failed, as a code.
			{ name: 'reason', type: 'text', pattern: '^([a-z_]{2,40})?$' },
			{ name: 'watching', type: 'bool' },
			...['total', 'imported', 'known', 'past', 'rejected'].map((name) => ({
				name,
				type: 'number',
				onlyInt: true,
				min: 0
			})),
			// {"audio_cut_off": 2}: how many were rejected for what.
			{ name: 'reasons', type: 'json', maxSize: 4000 }
		],
		indexes: ['CREATE INDEX idx_intake_runs_began ON intake_runs (began)'],
		listRule: `(${maintainer}) || (${intake})`,
		viewRule: `(${maintainer}) || (${intake})`,
		createRule: intake,
		updateRule: `${intake} && state = "running" && ${unchanged('began')}`,
		deleteRule: null
	});
	app.save(runs);
});
