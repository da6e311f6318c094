/// A maintainer may end a visit at a device, unheard (design, "Who may do what").
migrate((app) => {
	const visits = app.findCollectionByNameOrId('visits');
	const why = visits.fields.getByName('ended_why');
	why.values = [...why.values, 'maintainer'];
	app.save(visits);
});
