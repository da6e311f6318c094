/// No kiosk and no contact person is booked twice: each quarter of an hour of an appointment is a row of its own, and a
/// unique key decides. Who serves, who gave an hour back and why, and why a late time was taken.
migrate((app) => {
	const sql = (text) => app.db().newQuery(text).execute();
	const appointments = app.findCollectionByNameOrId('appointments');
	const staffId = app.findCollectionByNameOrId('staff').id;
	const choice = (name, values) =>
		appointments.fields.add(new Field({ name, type: 'select', maxSelect: 1, values: [...values] }));
	// The contact person who will be there; empty for an hour that was booked before this was kept.
	appointments.fields.add(new Field({ name: 'person', type: 'relation', collectionId: staffId, maxSelect: 1 }));
	choice('changed_by', ['customer', 'us']);
	choice('changed_why', [
		'time_unsuitable',
		'cannot_come',
		'withdrawn',
		'kiosk_out_of_use',
		'office_closed',
		'person_away',
		'mistake',
		'request_closed',
		'did_not_come'
	]);
	choice('late_why', ['customer_wished', 'no_earlier_time', 'need_arranged']);
	appointments.indexes = [
		...appointments.indexes.filter((index) => !index.includes('idx_appointments_slot')),
		'CREATE INDEX idx_appointments_kiosk ON appointments (kiosk, starts)',
		'CREATE INDEX idx_appointments_person ON appointments (person, starts)',
		'CREATE INDEX idx_appointments_state ON appointments (state, starts)'
	];
	// Somebody serves, and at that office; whose request it is and who booked it never change.
	appointments.createRule += ' && person != "" && person.offices ~ office';
	appointments.updateRule += ' && @request.body.request:changed = false && @request.body.booked_by:changed = false';
	app.save(appointments);

	// No collection: nobody reads or writes it but the triggers below.
	sql(`CREATE TABLE held_quarters (
		resource TEXT NOT NULL,
		-- Quarters of an hour since 1970, UTC: no night of summer time has one twice.
		quarter INTEGER NOT NULL,
		appointment TEXT NOT NULL,
		PRIMARY KEY (resource, quarter)
	) WITHOUT ROWID`);
	sql('CREATE INDEX idx_held_quarters_appointment ON held_quarters (appointment)');

	const from = `(CAST(strftime('%s', NEW.starts) AS INTEGER) / 900)`;
	const until = `((CAST(strftime('%s', NEW.ends) AS INTEGER) + 899) / 900)`;
	const quarters = `(WITH RECURSIVE every(quarter) AS
		(SELECT ${from} UNION ALL SELECT quarter + 1 FROM every WHERE quarter + 1 < ${until}) SELECT quarter FROM every)`;
	// PocketBase answers with the field that this form of message names; the key of the table has the last word.
	const free = (field) => `SELECT RAISE(ABORT, 'UNIQUE constraint failed: appointments.${field}')
		WHERE EXISTS (SELECT 1 FROM held_quarters
			WHERE resource = NEW.${field} AND quarter >= ${from} AND quarter < ${until} AND appointment != NEW.id);`;
	const hold = (field) => `INSERT INTO held_quarters (resource, quarter, appointment)
		SELECT NEW.${field}, quarter, NEW.id FROM ${quarters} WHERE NEW.${field} != '';`;
	const stands = (row) => `${row}.state IN ('booked', 'kept')`;
	const take = `SELECT RAISE(ABORT, 'appointments_length') WHERE ${until} <= ${from} OR ${until} - ${from} > 96;
		${free('kiosk')} ${free('person')} ${hold('kiosk')} ${hold('person')}`;
	const leave = 'DELETE FROM held_quarters WHERE appointment = OLD.id;';
	const on = (name, event, when, work) =>
		sql(`CREATE TRIGGER ${name} AFTER ${event} ON appointments ${when} BEGIN ${work} END`);

	// Hours that were booked before hold what is still free of theirs.
	sql(
		`INSERT OR IGNORE INTO held_quarters (resource, quarter, appointment)
			SELECT NEW.kiosk, ${from} + steps.step, NEW.id FROM appointments AS NEW
			JOIN (WITH RECURSIVE every(step) AS (SELECT 0 UNION ALL SELECT step + 1 FROM every WHERE step < 95)
				SELECT step FROM every) AS steps
			WHERE ${stands('NEW')} AND ${from} + steps.step < ${until}`
	);
	on('appointments_booked', 'INSERT', `WHEN ${stands('NEW')}`, take);
	on('appointments_moved', 'UPDATE', `WHEN ${stands('NEW')}`, `${leave} ${take}`);
	on('appointments_given_back', 'UPDATE', `WHEN NOT ${stands('NEW')}`, leave);
	on('appointments_gone', 'DELETE', '', leave);
});
