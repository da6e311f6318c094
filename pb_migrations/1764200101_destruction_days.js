/// The figures of a day of destruction are counted in the same commit as each certificate, so they cannot differ.
migrate((app) => {
	const sql = (text) => app.db().newQuery(text).execute();
	for (const name of ['destructions', 'destroyed_keys']) {
		const records = app.findCollectionByNameOrId(name);
		// The Helsinki day on which it was certified.
		records.fields.add(new Field({ name: 'destroyed_day', type: 'text', pattern: '^(\\d{4}-\\d{2}-\\d{2})?$' }));
		records.indexes = [...records.indexes, `CREATE INDEX idx_${name}_destroyed_day ON ${name} (destroyed_day, id)`];
		app.save(records);
	}

	const days = app.findCollectionByNameOrId('destruction_days');
	const figure = (name) => days.fields.add(new Field({ name, type: 'number', onlyInt: true, min: 0 }));
	days.fields.removeByName('lateness');
	// How many were certified so long after their time at the most.
	['within_15_minutes', 'within_hour', 'within_day', 'later'].forEach(figure);
	days.createRule = null;
	days.updateRule = null;
	app.save(days);

	const late = 'NEW.late_seconds';
	const bins = [
		`${late} <= 900`,
		`${late} > 900 AND ${late} <= 3600`,
		`${late} > 3600 AND ${late} <= 86400`,
		`${late} > 86400`
	];
	const row = `INSERT INTO destruction_days
		(id, day, recordings, keys, latest_seconds, within_15_minutes, within_hour, within_day, later)
		VALUES ('d' || substr(lower(hex(randomblob(7))), 1, 14), NEW.destroyed_day`;
	const certified = `WHEN OLD.destroyed = '' AND NEW.destroyed != ''`;
	sql(
		`CREATE TRIGGER destructions_counted AFTER UPDATE ON destructions ${certified} BEGIN
			${row}, 1, 0, ${late}, ${bins.join(', ')})
			ON CONFLICT (day) DO UPDATE SET
				recordings = recordings + 1,
				latest_seconds = MAX(latest_seconds, excluded.latest_seconds),
				within_15_minutes = within_15_minutes + excluded.within_15_minutes,
				within_hour = within_hour + excluded.within_hour,
				within_day = within_day + excluded.within_day,
				later = later + excluded.later;
		END`
	);
	sql(
		`CREATE TRIGGER destroyed_keys_counted AFTER UPDATE ON destroyed_keys ${certified} BEGIN
			${row}, 0, 1, 0, 0, 0, 0, 0)
			ON CONFLICT (day) DO UPDATE SET keys = keys + 1;
		END`
	);
});
