/// Named people, their roles, teams and training (register description § 8a, 8c), and the service accounts.
migrate((app) => {
	const staff = '@request.auth.collectionName = "staff" && @request.auth.active = true';
	const trained = `${staff} && @request.auth.trained_until > @now`;
	const maintainer = `${staff} && @request.auth.roles ~ "maintainer"`;
	const supervisor = `${staff} && @request.auth.roles ~ "supervisor"`;
	const contactPerson = `${trained} && @request.auth.roles ~ "contact_person"`;
	const service = (name) => `@request.auth.collectionName = "services" && @request.auth.name = "${name}"`;
	const any = (...rules) => rules.map((rule) => `(${rule})`).join(' || ');

	// Nobody signs up: init makes these accounts, and nothing but init and a maintainer at the machine changes them.
	const services = new Collection({
		type: 'auth',
		name: 'services',
		fields: [
			{ name: 'name', type: 'text', required: true, max: 20 },
			{ name: 'email', type: 'email', required: false, system: true }
		],
		indexes: ['CREATE UNIQUE INDEX idx_services_name ON services (name)'],
		listRule: null,
		viewRule: null,
		createRule: null,
		updateRule: null,
		deleteRule: null,
		authRule: '',
		passwordAuth: { enabled: true, identityFields: ['name'] }
	});
	app.save(services);

	const teams = new Collection({
		type: 'base',
		name: 'teams',
		fields: [{ name: 'name', type: 'text', required: true, max: 80 }],
		indexes: ['CREATE UNIQUE INDEX idx_teams_name ON teams (name)'],
		listRule: staff,
		viewRule: staff,
		createRule: maintainer,
		updateRule: maintainer,
		deleteRule: null
	});
	app.save(teams);

	const people = new Collection({
		type: 'auth',
		name: 'staff',
		fields: [
			{ name: 'sign_in_name', type: 'text', required: true, max: 40, pattern: '^[a-z][a-z0-9._-]*$' },
			{ name: 'name', type: 'text', required: true, max: 120 },
			{ name: 'email', type: 'email', required: false, system: true },
			{ name: 'active', type: 'bool' },
			{
				name: 'roles',
				type: 'select',
				maxSelect: 5,
				values: ['contact_person', 'agent', 'supervisor', 'maintainer', 'auditor']
			},
			{ name: 'team', type: 'relation', collectionId: teams.id, maxSelect: 1 },
			{ name: 'supervises', type: 'relation', collectionId: teams.id, maxSelect: 50 },
			// The end of the shorter of the two courses; empty when one is missing. Kept by the triggers below.
			{ name: 'trained_until', type: 'date' }
		],
		indexes: [
			'CREATE UNIQUE INDEX idx_staff_sign_in_name ON staff (sign_in_name)',
			'CREATE INDEX idx_staff_team ON staff (team)'
		],
		authRule: 'active = true',
		manageRule: null,
		passwordAuth: { enabled: true, identityFields: ['sign_in_name'] },
		authToken: { duration: 12 * 3600 },
		authAlert: { enabled: false }
	});
	const seenBy = any(
		`${staff} && id = @request.auth.id`,
		maintainer,
		contactPerson,
		`${supervisor} && team != "" && @request.auth.supervises ~ team`,
		service('web'),
		service('intake')
	);
	people.listRule = seenBy;
	people.viewRule = seenBy;
	// Trained_until follows from the trainings and is nobody's to write.
	people.createRule = `${maintainer} && @request.body.trained_until:isset = false`;
	people.updateRule = `${maintainer} && id != @request.auth.id && @request.body.trained_until:changed = false`;
	people.deleteRule = null;
	app.save(people);

	const trainings = new Collection({
		type: 'base',
		name: 'trainings',
		fields: [
			{ name: 'person', type: 'relation', required: true, collectionId: people.id, maxSelect: 1 },
			{ name: 'course', type: 'select', required: true, maxSelect: 1, values: ['system_use', 'confidentiality'] },
			{ name: 'completed', type: 'date', required: true },
			{ name: 'valid_until', type: 'date', required: true },
			{ name: 'recorded_by', type: 'relation', collectionId: people.id, maxSelect: 1 }
		],
		indexes: ['CREATE INDEX idx_trainings_person ON trainings (person, course)'],
		listRule: any(
			`${staff} && person = @request.auth.id`,
			maintainer,
			`${supervisor} && person.team != "" && @request.auth.supervises ~ person.team`
		),
		viewRule: any(
			`${staff} && person = @request.auth.id`,
			maintainer,
			`${supervisor} && person.team != "" && @request.auth.supervises ~ person.team`
		),
		createRule: any(
			`${maintainer} && person != @request.auth.id && recorded_by = @request.auth.id`,
			`${supervisor} && person != @request.auth.id && recorded_by = @request.auth.id && person.team != "" && @request.auth.supervises ~ person.team`
		),
		updateRule: null,
		deleteRule: null
	});
	app.save(trainings);

	for (const [event, row] of [
		['INSERT', 'NEW'],
		['UPDATE', 'NEW'],
		['DELETE', 'OLD']
	]) {
		app
			.db()
			.newQuery(
				`CREATE TRIGGER trainings_${event.toLowerCase()} AFTER ${event} ON trainings BEGIN
					UPDATE staff SET trained_until = COALESCE(
						(SELECT CASE WHEN COUNT(*) = 2 THEN MIN(until) END FROM
							(SELECT MAX(valid_until) AS until FROM trainings WHERE person = ${row}.person GROUP BY course)), '')
					WHERE id = ${row}.person;
				END`
			)
			.execute();
	}
});
