/// A customer asks, comes and listens (register description § 8b): offices, kiosks, requests, appointments, visits.
migrate((app) => {
	const staff = '@request.auth.collectionName = "staff" && @request.auth.active = true';
	const trained = `${staff} && @request.auth.trained_until > @now`;
	const maintainer = `${staff} && @request.auth.roles ~ "maintainer"`;
	const contactPerson = `${trained} && @request.auth.roles ~ "contact_person"`;
	const web = '@request.auth.collectionName = "services" && @request.auth.name = "web"';
	const any = (...rules) => rules.map((rule) => `(${rule})`).join(' || ');
	const unchanged = (...fields) => fields.map((field) => `@request.body.${field}:changed = false`).join(' && ');

	const staffId = app.findCollectionByNameOrId('staff').id;
	const recordingsId = app.findCollectionByNameOrId('recordings').id;
	const language = { name: 'language', type: 'select', required: true, maxSelect: 1, values: ['fi', 'sv', 'en'] };
	const stamps = [
		{ name: 'created', type: 'autodate', onCreate: true },
		{ name: 'updated', type: 'autodate', onCreate: true, onUpdate: true }
	];

	const offices = new Collection({
		type: 'base',
		name: 'offices',
		fields: [
			{ name: 'name', type: 'text', required: true, max: 120 },
			{ name: 'address', type: 'text', required: true, max: 200 },
			// {"mon": [["09:00","17:00"]], …}: Helsinki wall time, a list of open spans a weekday.
			{ name: 'opening_hours', type: 'json', required: true },
			// {"2026-12-24": []}: the spans of one day instead of the weekday's.
			{ name: 'exceptions', type: 'json' },
			{ name: 'slot_minutes', type: 'number', required: true, onlyInt: true, min: 15, max: 240 }
		],
		indexes: ['CREATE UNIQUE INDEX idx_offices_name ON offices (name)'],
		listRule: any(staff, web),
		viewRule: any(staff, web),
		createRule: maintainer,
		updateRule: maintainer,
		deleteRule: null
	});
	app.save(offices);

	const people = app.findCollectionByNameOrId('staff');
	// Where a contact person serves: a release needs them at that office.
	people.fields.add(new Field({ name: 'offices', type: 'relation', collectionId: offices.id, maxSelect: 50 }));
	app.save(people);

	const kiosks = new Collection({
		type: 'base',
		name: 'kiosks',
		fields: [
			{ name: 'name', type: 'text', required: true, max: 80 },
			{ name: 'office', type: 'relation', required: true, collectionId: offices.id, maxSelect: 1 },
			// SHA-256 of the device's secret; the secret itself is only on the device.
			{ name: 'device_hash', type: 'text', required: true, pattern: '^[0-9a-f]{64}$' },
			{ name: 'paired_by', type: 'relation', required: true, collectionId: staffId, maxSelect: 1 },
			{ name: 'revoked', type: 'date' },
			{ name: 'mm_per_css_px', type: 'number', required: true, min: 0.05, max: 1 },
			{ name: 'last_seen', type: 'date' },
			...stamps
		],
		indexes: [
			'CREATE UNIQUE INDEX idx_kiosks_device_hash ON kiosks (device_hash)',
			'CREATE INDEX idx_kiosks_office ON kiosks (office)'
		],
		listRule: any(contactPerson, maintainer, web),
		viewRule: any(contactPerson, maintainer, web),
		createRule: `${maintainer} && paired_by = @request.auth.id`,
		updateRule: any(maintainer, `${web} && ${unchanged('name', 'office', 'device_hash', 'paired_by', 'revoked')}`),
		deleteRule: null
	});
	app.save(kiosks);

	const requests = new Collection({
		type: 'base',
		name: 'requests',
		fields: [
			{ name: 'received', type: 'date', required: true },
			{
				name: 'channel',
				type: 'select',
				required: true,
				maxSelect: 1,
				values: ['phone', 'email', 'letter', 'in_person', 'message']
			},
			language,
			{ name: 'name', type: 'text', max: 200 },
			{ name: 'reach', type: 'text', max: 300 },
			{ name: 'remembers', type: 'text', max: 4000 },
			{
				name: 'state',
				type: 'select',
				required: true,
				maxSelect: 1,
				values: ['received', 'matched', 'booked', 'heard', 'closed']
			},
			{
				name: 'closed_as',
				type: 'select',
				maxSelect: 1,
				values: ['heard', 'nothing_found', 'destroyed_before_receipt', 'withdrawn', 'refused']
			},
			{ name: 'closed', type: 'date' },
			{ name: 'due', type: 'date', required: true },
			{ name: 'taken_by', type: 'relation', required: true, collectionId: staffId, maxSelect: 1 },
			{ name: 'recordings', type: 'relation', collectionId: recordingsId, maxSelect: 50 },
			// What the customer said at the kiosk: calls that are not theirs, and wishes that keep the request open.
			{ name: 'not_mine', type: 'relation', collectionId: recordingsId, maxSelect: 50 },
			{ name: 'wishes', type: 'select', maxSelect: 4, values: ['copy', 'correction', 'talk', 'text'] },
			...stamps
		],
		indexes: ['CREATE INDEX idx_requests_state ON requests (state, due)'],
		listRule: contactPerson,
		viewRule: contactPerson,
		createRule: `${contactPerson} && taken_by = @request.auth.id`,
		// The kiosk's side may only unlink a call and note a wish; it cannot read who asked.
		updateRule: any(
			contactPerson,
			`${web} && ${unchanged('received', 'channel', 'language', 'name', 'reach', 'remembers', 'state', 'closed_as', 'closed', 'due', 'taken_by')} && (@request.body.recordings:changed = false || @request.body.recordings:length < recordings:length)`
		),
		deleteRule: null
	});
	app.save(requests);

	const appointments = new Collection({
		type: 'base',
		name: 'appointments',
		fields: [
			{ name: 'request', type: 'relation', required: true, collectionId: requests.id, maxSelect: 1 },
			{ name: 'office', type: 'relation', required: true, collectionId: offices.id, maxSelect: 1 },
			{ name: 'kiosk', type: 'relation', required: true, collectionId: kiosks.id, maxSelect: 1 },
			{ name: 'starts', type: 'date', required: true },
			{ name: 'ends', type: 'date', required: true },
			language,
			{
				name: 'state',
				type: 'select',
				required: true,
				maxSelect: 1,
				values: ['booked', 'kept', 'cancelled', 'no_show']
			},
			{ name: 'booked_by', type: 'relation', required: true, collectionId: staffId, maxSelect: 1 },
			// SHA-256 of the QR token and of the typed code: the codes themselves are only on the invitation.
			{ name: 'token_hash', type: 'text', pattern: '^([0-9a-f]{64})?$' },
			{ name: 'code_hash', type: 'text', pattern: '^([0-9a-f]{64})?$' },
			{ name: 'sequence', type: 'number', onlyInt: true, min: 0 },
			...stamps
		],
		indexes: [
			// Two people cannot get one kiosk at one time: this index decides, not a check.
			`CREATE UNIQUE INDEX idx_appointments_slot ON appointments (kiosk, starts) WHERE state = 'booked' OR state = 'kept'`,
			`CREATE UNIQUE INDEX idx_appointments_token ON appointments (token_hash) WHERE token_hash != ''`,
			`CREATE UNIQUE INDEX idx_appointments_code ON appointments (code_hash) WHERE code_hash != ''`,
			'CREATE INDEX idx_appointments_request ON appointments (request)',
			'CREATE INDEX idx_appointments_office ON appointments (office, starts)'
		],
		listRule: any(contactPerson, web),
		viewRule: any(contactPerson, web),
		createRule: `${contactPerson} && booked_by = @request.auth.id`,
		updateRule: contactPerson,
		deleteRule: null
	});
	app.save(appointments);

	const visits = new Collection({
		type: 'base',
		name: 'visits',
		fields: [
			{ name: 'appointment', type: 'relation', required: true, collectionId: appointments.id, maxSelect: 1 },
			{ name: 'request', type: 'relation', required: true, collectionId: requests.id, maxSelect: 1 },
			{ name: 'office', type: 'relation', required: true, collectionId: offices.id, maxSelect: 1 },
			{ name: 'kiosk', type: 'relation', required: true, collectionId: kiosks.id, maxSelect: 1 },
			{ name: 'ends', type: 'date', required: true },
			language,
			{
				name: 'state',
				type: 'select',
				required: true,
				maxSelect: 1,
				values: ['waiting', 'notice', 'headset', 'list', 'player', 'leaving', 'ended']
			},
			{ name: 'arrived', type: 'date', required: true },
			{ name: 'verified_by', type: 'relation', collectionId: staffId, maxSelect: 1 },
			{ name: 'verified', type: 'date' },
			// The kind of document that was looked at; never its number, never an image.
			{
				name: 'document',
				type: 'select',
				maxSelect: 1,
				values: ['identity_card', 'passport', 'driving_licence', 'residence_permit', 'known_person']
			},
			// What was released to this kiosk for this hour; a call that is not theirs leaves it.
			{ name: 'recordings', type: 'relation', collectionId: recordingsId, maxSelect: 50 },
			// Those whose data the kiosk has shown, so that each view is logged once.
			{ name: 'shown', type: 'relation', collectionId: recordingsId, maxSelect: 50 },
			{ name: 'wishes', type: 'select', maxSelect: 4, values: ['copy', 'correction', 'talk', 'text'] },
			{ name: 'playing', type: 'relation', collectionId: recordingsId, maxSelect: 1 },
			{ name: 'position_ms', type: 'number', onlyInt: true, min: 0 },
			{ name: 'called', type: 'date' },
			{ name: 'ended', type: 'date' },
			{
				name: 'ended_why',
				type: 'select',
				maxSelect: 1,
				values: ['customer', 'contact_person', 'slot_over', 'revoked', 'idle', 'not_verified']
			},
			...stamps
		],
		indexes: [
			// One visit at a time: of an appointment, and at a kiosk.
			`CREATE UNIQUE INDEX idx_visits_appointment ON visits (appointment) WHERE state != 'ended'`,
			`CREATE UNIQUE INDEX idx_visits_kiosk ON visits (kiosk) WHERE state != 'ended'`,
			'CREATE INDEX idx_visits_request ON visits (request)',
			'CREATE INDEX idx_visits_office ON visits (office, arrived)'
		],
		listRule: any(contactPerson, web),
		viewRule: any(contactPerson, web),
		// The kiosk's side opens a visit that nobody has verified yet; only a person can verify and release.
		createRule: `${web} && verified_by = "" && verified = "" && state = "waiting" && recordings:length = 0`,
		updateRule: any(
			`${contactPerson} && (verified_by = @request.auth.id || @request.body.verified_by:isset = false || @request.body.verified_by = @request.auth.id)`,
			`${web} && ${unchanged('appointment', 'request', 'office', 'kiosk', 'ends', 'arrived', 'verified_by', 'verified', 'document')} && (verified_by != "" || @request.body.recordings:isset = false) && (verified_by != "" || @request.body.state:isset = false || @request.body.state = "ended")`
		),
		deleteRule: null
	});
	app.save(visits);

	// A row is read, changed and written back whole, so a late writer could undo what another has done meanwhile.
	// What must never be undone is kept here: who verified, that it ended, what was released, that it was revoked.
	const final = (name, table, lost) =>
		app
			.db()
			.newQuery(
				`CREATE TRIGGER ${name} BEFORE UPDATE ON ${table} WHEN ${lost} BEGIN SELECT RAISE(ABORT, '${name}'); END`
			)
			.execute();
	final('visits_verified', 'visits', "OLD.verified_by != '' AND NEW.verified_by IS NOT OLD.verified_by");
	final('visits_ended', 'visits', "OLD.state = 'ended' AND NEW.state != 'ended'");
	final(
		'visits_released',
		'visits',
		`OLD.verified_by != '' AND EXISTS (SELECT 1 FROM json_each(NEW.recordings) AS now
			WHERE now.value NOT IN (SELECT value FROM json_each(OLD.recordings)))`
	);
	final('kiosks_revoked', 'kiosks', "OLD.revoked != '' AND NEW.revoked IS NOT OLD.revoked");
});
