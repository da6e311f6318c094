/// Counts for the data protection officer's yearly figures: numbers of rows by month and kind, and no row itself.
migrate((app) => {
	const auditor =
		'@request.auth.collectionName = "staff" && @request.auth.active = true && @request.auth.roles ~ "auditor"';
	// SQLite knows no time zones: three hours on, the beginning of a Helsinki day lies in that day, summer and winter; a
	// winter evening's last hour counts to the day after.
	const day = (field) => `date(${field}, '+3 hours')`;
	const month = (field) => `CAST(substr(${day(field)}, 1, 7) AS TEXT)`;
	const view = (name, viewQuery) =>
		app.save(new Collection({ type: 'view', name, viewQuery, listRule: auditor, viewRule: auditor }));

	// By month of receipt; of those closed, after how many days and whether by then.
	view(
		'request_figures',
		`SELECT (ROW_NUMBER() OVER ()) AS id,
			${month('received')} AS month,
			CAST(closed_as AS TEXT) AS ending,
			CAST(CASE WHEN closed = '' THEN 0 ELSE julianday(${day('closed')}) - julianday(${day('received')}) END AS INT) AS days,
			CAST(closed != '' AND closed <= due AS INT) AS in_time,
			CAST(count(*) AS INT) AS number
		FROM requests GROUP BY 2, 3, 4, 5`
	);
	view(
		'appointment_figures',
		`SELECT (ROW_NUMBER() OVER ()) AS id,
			${month('starts')} AS month,
			CAST(state AS TEXT) AS state,
			CAST(count(*) AS INT) AS number
		FROM appointments GROUP BY 2, 3`
	);
	view(
		'hold_figures',
		`SELECT (ROW_NUMBER() OVER ()) AS id,
			${month('placed')} AS month,
			CAST(ground AS TEXT) AS ground,
			CAST(count(*) AS INT) AS number
		FROM holds GROUP BY 2, 3`
	);
	// As it is now: of those who are active, by role.
	view(
		'training_figures',
		`SELECT (ROW_NUMBER() OVER ()) AS id,
			CAST(held.value AS TEXT) AS role,
			CAST(CASE WHEN trained_until = '' THEN 'missing'
				WHEN trained_until > strftime('%Y-%m-%d %H:%M:%fZ', 'now') THEN 'trained' ELSE 'expired' END AS TEXT) AS state,
			CAST(count(*) AS INT) AS number
		FROM staff, json_each(staff.roles) AS held WHERE active = TRUE GROUP BY 2, 3`
	);
});
