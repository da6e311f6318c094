/// A release meets the second wall too: only who serves at that office changes its visits, and only within the hour, at a
/// kiosk that has not lost its right, is anybody verified.
migrate((app) => {
	const staff = '@request.auth.collectionName = "staff" && @request.auth.active = true';
	const contactPerson = `${staff} && @request.auth.trained_until > @now && @request.auth.roles ~ "contact_person"`;
	const unchanged = (...fields) => fields.map((field) => `@request.body.${field}:changed = false`).join(' && ');

	const visits = app.findCollectionByNameOrId('visits');
	const before = `${contactPerson} && (`;
	if (!visits.updateRule.startsWith(`(${before}`))
		throw new Error('the rule of the visits is not the one that is known');
	visits.updateRule = visits.updateRule.replace(
		before,
		`${contactPerson} && @request.auth.offices ~ office && ${unchanged('appointment', 'request', 'office', 'kiosk', 'arrived')} && (`
	);
	app.save(visits);

	const now = (later) => `strftime('%Y-%m-%d %H:%M:%fZ', 'now', '${later}')`;
	app
		.db()
		.newQuery(
			`CREATE TRIGGER visits_in_slot BEFORE UPDATE ON visits
			WHEN OLD.verified_by = '' AND NEW.verified_by != '' AND NOT EXISTS (
				SELECT 1 FROM appointments AS hour JOIN kiosks ON kiosks.id = OLD.kiosk
				WHERE hour.id = OLD.appointment AND hour.state IN ('booked', 'kept') AND kiosks.revoked = ''
					AND hour.starts <= ${now('+30 minutes')} AND hour.ends > ${now('+0 minutes')}
			)
			BEGIN SELECT RAISE(ABORT, 'visits_in_slot'); END`
		)
		.execute();
});
