/// What keeps a recording longer, and what proves that it was destroyed (register description § 8d).
migrate((app) => {
	const staff = '@request.auth.collectionName = "staff" && @request.auth.active = true';
	const trained = `${staff} && @request.auth.trained_until > @now`;
	const contactPerson = `${trained} && @request.auth.roles ~ "contact_person"`;
	const auditor = `${staff} && @request.auth.roles ~ "auditor"`;
	const maintainer = `${staff} && @request.auth.roles ~ "maintainer"`;
	const retention = '@request.auth.collectionName = "services" && @request.auth.name = "retention"';
	const any = (...rules) => rules.map((rule) => `(${rule})`).join(' || ');
	const unchanged = (...fields) => fields.map((field) => `@request.body.${field}:changed = false`).join(' && ');
	const staffId = app.findCollectionByNameOrId('staff').id;
	const sql = (text) => app.db().newQuery(text).execute();

	const recordings = app.findCollectionByNameOrId('recordings');
	const facts = recordings.fields.fieldNames().filter((name) => !['id', 'audio', 'created'].includes(name));
	// Sealed to a key of its own, since it is held and its day's key is gone.
	recordings.fields.add(new Field({ name: 'own_key', type: 'bool' }));
	// The end of the longest hold on it; empty for none. Kept by the triggers below.
	recordings.fields.add(new Field({ name: 'held_until', type: 'date' }));
	recordings.indexes = [
		...recordings.indexes,
		'CREATE INDEX idx_recordings_key_day ON recordings (key_day, destroy_after)'
	];
	recordings.viewRule += ` || (${contactPerson} && held_until > @now)`;
	// To seal anew, once, and nothing else; and to delete what is due, never what is held.
	recordings.updateRule = `${retention} && own_key = false && @request.body.own_key = true && ${unchanged(...facts, 'held_until')}`;
	recordings.deleteRule = `${retention} && destroy_after <= @now && held_until = ""`;
	app.save(recordings);

	const confirms = `request = "" && ended = "" && confirmed_by = "" && placed_by != @request.auth.id && @request.body.confirmed_by = @request.auth.id && ${unchanged('recording', 'request', 'ground', 'placed', 'placed_by', 'asked_until', 'ended', 'ended_why')}`;
	const holds = new Collection({
		type: 'base',
		name: 'holds',
		fields: [
			// An id and no relation: the hold stays on record when the recording is gone.
			{ name: 'recording', type: 'text', required: true, pattern: '^[a-z0-9]{15}$' },
			{ name: 'request', type: 'text', pattern: '^([a-z0-9]{15})?$' },
			{
				name: 'ground',
				type: 'select',
				required: true,
				maxSelect: 1,
				values: ['request', 'restriction', 'legal_claim', 'authority']
			},
			{ name: 'placed', type: 'date', required: true },
			{ name: 'placed_by', type: 'relation', required: true, collectionId: staffId, maxSelect: 1 },
			// Until when it holds as it is now; a hold by hand gets what was asked for when a second person confirms it.
			{ name: 'until', type: 'date', required: true },
			{ name: 'asked_until', type: 'date', required: true },
			{ name: 'confirmed_by', type: 'relation', collectionId: staffId, maxSelect: 1 },
			{ name: 'ended', type: 'date' },
			{
				name: 'ended_why',
				type: 'select',
				maxSelect: 1,
				values: ['request_closed', 'unbound', 'time_over', 'not_confirmed', 'by_hand']
			}
		],
		indexes: [
			'CREATE INDEX idx_holds_recording ON holds (recording, ended)',
			'CREATE INDEX idx_holds_request ON holds (request, ended)',
			'CREATE INDEX idx_holds_until ON holds (ended, until)',
			// One hold of a request on a recording, however often it is bound at once.
			`CREATE UNIQUE INDEX idx_holds_once ON holds (recording, request) WHERE request != '' AND ended = ''`
		],
		listRule: any(contactPerson, auditor, retention),
		viewRule: any(contactPerson, auditor, retention),
		createRule: `${contactPerson} && placed_by = @request.auth.id && confirmed_by = "" && ended = ""`,
		updateRule: any(
			`${contactPerson} && ${confirms}`,
			`${auditor} && ${confirms}`,
			`${contactPerson} && request = "" && ended = "" && @request.body.ended_why = "by_hand" && ${unchanged('recording', 'request', 'ground', 'placed', 'placed_by', 'until', 'asked_until', 'confirmed_by')}`,
			`${retention} && ended = "" && @request.body.ended:changed = true && ${unchanged('recording', 'request', 'ground', 'placed', 'placed_by', 'until', 'asked_until', 'confirmed_by')}`
		),
		deleteRule: null
	});
	app.save(holds);

	const destructions = new Collection({
		type: 'base',
		name: 'destructions',
		// The id is the recording's own.
		fields: [
			{ name: 'call_day', type: 'text', required: true, pattern: '^\\d{4}-\\d{2}-\\d{2}$' },
			{ name: 'rule', type: 'text', required: true, max: 40 },
			{ name: 'rule_version', type: 'number', required: true, onlyInt: true, min: 1 },
			{ name: 'due', type: 'date', required: true },
			{ name: 'begun', type: 'date', required: true },
			// SHA-256 of the sealed file and of the key's recipient; empty when there was none any more.
			{ name: 'sealed_sha256', type: 'text', pattern: '^([0-9a-f]{64})?$' },
			{ name: 'key_fingerprint', type: 'text', pattern: '^([0-9a-f]{64})?$' },
			{ name: 'destroyed', type: 'date' },
			{ name: 'late_seconds', type: 'number', onlyInt: true, min: 0 }
		],
		indexes: ['CREATE INDEX idx_destructions_destroyed ON destructions (destroyed, late_seconds)'],
		listRule: any(contactPerson, auditor, retention),
		viewRule: any(contactPerson, auditor, retention),
		createRule: `${retention} && destroyed = ""`,
		updateRule: `${retention} && destroyed = "" && ${unchanged('call_day', 'rule', 'rule_version', 'due', 'begun', 'sealed_sha256', 'key_fingerprint')}`,
		deleteRule: null
	});
	app.save(destructions);

	const destroyedKeys = new Collection({
		type: 'base',
		name: 'destroyed_keys',
		fields: [
			// The day of the calls, or the id of the one recording that it sealed.
			{ name: 'name', type: 'text', required: true, pattern: '^(\\d{4}-\\d{2}-\\d{2}|[a-z0-9]{15})$' },
			{ name: 'fingerprint', type: 'text', required: true, pattern: '^[0-9a-f]{64}$' },
			{ name: 'begun', type: 'date', required: true },
			{ name: 'destroyed', type: 'date' }
		],
		indexes: [
			'CREATE UNIQUE INDEX idx_destroyed_keys_fingerprint ON destroyed_keys (fingerprint)',
			'CREATE INDEX idx_destroyed_keys_destroyed ON destroyed_keys (destroyed)'
		],
		listRule: any(contactPerson, auditor, retention),
		viewRule: any(contactPerson, auditor, retention),
		createRule: `${retention} && destroyed = ""`,
		updateRule: `${retention} && destroyed = "" && ${unchanged('name', 'fingerprint', 'begun')}`,
		deleteRule: null
	});
	app.save(destroyedKeys);

	// One row a day on which something was destroyed: figures, and no data of a call.
	const days = new Collection({
		type: 'base',
		name: 'destruction_days',
		fields: [
			{ name: 'day', type: 'text', required: true, pattern: '^\\d{4}-\\d{2}-\\d{2}$' },
			{ name: 'recordings', type: 'number', onlyInt: true, min: 0 },
			{ name: 'keys', type: 'number', onlyInt: true, min: 0 },
			{ name: 'latest_seconds', type: 'number', onlyInt: true, min: 0 },
			{ name: 'lateness', type: 'json', required: true, maxSize: 2000 }
		],
		indexes: ['CREATE UNIQUE INDEX idx_destruction_days_day ON destruction_days (day)'],
		listRule: any(contactPerson, auditor, maintainer, retention),
		viewRule: any(contactPerson, auditor, maintainer, retention),
		createRule: retention,
		updateRule: `${retention} && ${unchanged('day')}`,
		deleteRule: null
	});
	app.save(days);

	for (const event of ['INSERT', 'UPDATE']) {
		sql(
			`CREATE TRIGGER holds_${event.toLowerCase()} AFTER ${event} ON holds BEGIN
				UPDATE recordings SET held_until = COALESCE(
					(SELECT MAX(until) FROM holds WHERE recording = NEW.recording AND ended = ''), '')
				WHERE id = NEW.recording;
			END`
		);
	}
	// A request's holds end with it, and with the binding, whichever way either ends.
	const now = `strftime('%Y-%m-%d %H:%M:%fZ', 'now')`;
	sql(
		`CREATE TRIGGER requests_closed AFTER UPDATE ON requests WHEN NEW.state = 'closed' BEGIN
			UPDATE holds SET ended = ${now}, ended_why = 'request_closed' WHERE request = NEW.id AND ended = '';
		END`
	);
	sql(
		`CREATE TRIGGER requests_unbound AFTER UPDATE ON requests WHEN NEW.recordings IS NOT OLD.recordings BEGIN
			UPDATE holds SET ended = ${now}, ended_why = 'unbound' WHERE request = NEW.id AND ended = ''
				AND recording NOT IN (SELECT value FROM json_each(NEW.recordings));
		END`
	);
	// Superusers and late writers meet these too.
	const final = (name, table, event, lost) =>
		sql(`CREATE TRIGGER ${name} BEFORE ${event} ON ${table} WHEN ${lost} BEGIN SELECT RAISE(ABORT, '${name}'); END`);
	final('recordings_held', 'recordings', 'DELETE', `OLD.held_until != ''`);
	final('holds_ended', 'holds', 'UPDATE', `OLD.ended != '' AND NEW.ended IS NOT OLD.ended`);
	final('destructions_done', 'destructions', 'UPDATE', `OLD.destroyed != ''`);
	final('destructions_kept', 'destructions', 'DELETE', 'true');
	final('destroyed_keys_done', 'destroyed_keys', 'UPDATE', `OLD.destroyed != ''`);
	final('destroyed_keys_kept', 'destroyed_keys', 'DELETE', 'true');
});
