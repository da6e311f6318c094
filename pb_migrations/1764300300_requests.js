/// What a request needs besides the call: help, wishes and their outcomes, an extension, its end, and its erasure.
migrate((app) => {
	const staff = '@request.auth.collectionName = "staff" && @request.auth.active = true';
	const contactPerson = `${staff} && @request.auth.trained_until > @now && @request.auth.roles ~ "contact_person"`;
	const web = '@request.auth.collectionName = "services" && @request.auth.name = "web"';
	const retention = '@request.auth.collectionName = "services" && @request.auth.name = "retention"';
	const any = (...rules) => rules.map((rule) => `(${rule})`).join(' || ');
	const unchanged = (...fields) => fields.map((field) => `@request.body.${field}:changed = false`).join(' && ');
	const emptied = (...fields) =>
		fields.map((field) => `(@request.body.${field}:isset = false || @request.body.${field} = "")`).join(' && ');
	const sql = (text) => app.db().newQuery(text).execute();

	const requests = app.findCollectionByNameOrId('requests');
	const recordingsId = app.findCollectionByNameOrId('recordings').id;
	const one = (name, ...values) => ({ name, type: 'select', maxSelect: 1, values });
	const some = (name, ...values) => ({ name, type: 'select', maxSelect: values.length, values });
	const calls = (name) => ({ name, type: 'relation', collectionId: recordingsId, maxSelect: 500 });
	for (const field of [
		some('needs', 'hearing_loop', 'wheelchair', 'interpreter', 'companion'),
		some('wants', 'listen', 'copy', 'text', 'information'),
		// Someone acts for the customer: who, and on what basis that was seen. No copy of it is kept.
		{ name: 'acting_name', type: 'text', max: 200 },
		one('acting_basis', 'custody', 'guardianship', 'continuing_power', 'power_of_attorney'),
		// About when the call was, if the customer knows.
		{ name: 'call_day', type: 'text', pattern: '^(\\d{4}-\\d{2}-\\d{2})?$' },
		// Looked at and found to be somebody else's; and heard for at most half a minute, once.
		calls('ruled_out'),
		calls('checked'),
		// [{"wish": "copy", "outcome": "done", "at": "…"}]: how each wish that is no longer open was answered.
		{ name: 'outcomes', type: 'json', maxSize: 5000 },
		{ name: 'extended', type: 'date' },
		{ name: 'extension_months', type: 'number', onlyInt: true, min: 0, max: 2 },
		one('extension_ground', 'complex', 'many'),
		{ name: 'extension_note', type: 'text', max: 600 },
		one('refused_ground', 'not_identified', 'unfounded', 'excessive', 'others_rights', 'law'),
		{ name: 'refused_note', type: 'text', max: 600 },
		// The record of the destruction that ended it, which is the recording's own id.
		{ name: 'destruction', type: 'text', pattern: '^([a-z0-9]{15})?$' },
		{ name: 'duplicate_of', type: 'relation', collectionId: requests.id, maxSelect: 1 },
		// Name and reach in one spelling, by which likely duplicates are found; erased with them.
		{ name: 'alike_name', type: 'text', max: 300 },
		{ name: 'alike_reach', type: 'text', max: 300 },
		// When the requester's data were gone, from the database's files too.
		{ name: 'erased', type: 'date' }
	]) {
		requests.fields.add(new Field(field));
	}
	requests.fields.getByName('closed_as').values = [
		'heard',
		'nothing_found',
		'destroyed_before_receipt',
		'withdrawn',
		'refused',
		'duplicate'
	];
	requests.indexes = [
		...requests.indexes,
		'CREATE INDEX idx_requests_closed ON requests (state, closed)',
		'CREATE INDEX idx_requests_erased ON requests (erased, closed)',
		`CREATE INDEX idx_requests_alike_name ON requests (alike_name, received)`,
		`CREATE INDEX idx_requests_alike_reach ON requests (alike_reach, received)`
	];
	const requester = ['name', 'reach', 'remembers', 'acting_name', 'extension_note', 'refused_note'];
	const likeness = ['alike_name', 'alike_reach'];
	const kept = requests.fields
		.fieldNames()
		.filter((name) => !['id', 'created', 'updated', 'erased', ...requester, ...likeness].includes(name));
	// The retention sees what is closed and not yet erased, and may blank it; nothing else of it changes.
	requests.listRule = any(contactPerson, `${retention} && state = "closed" && erased = ""`);
	requests.viewRule = requests.listRule;
	// A deadline moves by an extension, once, and by nothing else. The kiosk's side may only unlink a call and note a
	// wish; it cannot read who asked.
	requests.updateRule = any(
		`${contactPerson} && ${unchanged('received', 'taken_by', 'erased')} && (@request.body.due:changed = false || (extended = "" && @request.body.extended != ""))`,
		`${web} && ${unchanged(...kept.filter((name) => !['recordings', 'not_mine', 'wishes'].includes(name)), 'erased', ...requester, ...likeness)} && (@request.body.recordings:changed = false || @request.body.recordings:length < recordings:length)`,
		`${retention} && state = "closed" && erased = "" && ${emptied(...requester, ...likeness)} && ${unchanged(...kept)}`
	);
	app.save(requests);

	const final = (name, lost) =>
		sql(`CREATE TRIGGER ${name} BEFORE UPDATE ON requests WHEN ${lost} BEGIN SELECT RAISE(ABORT, '${name}'); END`);
	final('requests_stay_closed', `OLD.state = 'closed' AND NEW.state != 'closed'`);
	final('requests_extended', `OLD.extended != '' AND (NEW.extended IS NOT OLD.extended OR NEW.due IS NOT OLD.due)`);
	final(
		'requests_stay_erased',
		`OLD.erased != '' AND (NEW.erased IS NOT OLD.erased OR ${[...requester, ...likeness].map((name) => `NEW.${name} != ''`).join(' OR ')})`
	);
});
