/// A person's first password is for one sign-in and has an end; they choose their own, and a maintainer can give another
/// one-time password to somebody else.
migrate((app) => {
	const staff = '@request.auth.collectionName = "staff" && @request.auth.active = true';
	const maintainer = `${staff} && @request.auth.roles ~ "maintainer"`;
	const any = (...rules) => rules.map((rule) => `(${rule})`).join(' || ');
	const unchanged = (...fields) => fields.map((field) => `@request.body.${field}:changed = false`).join(' && ');

	const people = app.findCollectionByNameOrId('staff');
	// Until when the password that somebody else gave is good for a sign-in; empty when it is the person's own.
	people.fields.add(new Field({ name: 'one_time_until', type: 'date' }));
	// Gives a password without the old one; so never to oneself.
	people.manageRule = `${maintainer} && id != @request.auth.id`;
	people.updateRule = any(
		`${maintainer} && id != @request.auth.id && @request.body.trained_until:changed = false`,
		// Of their own record people change the password and nothing else; PocketBase asks for the old one.
		`${staff} && id = @request.auth.id && @request.body.password:isset = true && @request.body.one_time_until = "" && ${unchanged('sign_in_name', 'name', 'email', 'emailVisibility', 'verified', 'active', 'roles', 'team', 'supervises', 'offices', 'trained_until')}`
	);
	app.save(people);
});
