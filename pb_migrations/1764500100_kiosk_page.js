/// Which version of the page a kiosk shows, so that a look at the database says which still shows an older one.
migrate((app) => {
	const kiosks = app.findCollectionByNameOrId('kiosks');
	kiosks.fields.add(new Field({ name: 'page_version', type: 'text', max: 40 }));
	app.save(kiosks);
});
