/// PocketBase's own settings and the collections that it brings: nothing of it stays open.
migrate((app) => {
	// It comes with a collection that anybody may join.
	app.delete(app.findCollectionByNameOrId('users'));

	const settings = app.settings();
	settings.meta.appName = 'Kuuntelupiste';
	settings.meta.hideControls = true;
	// Its request log would keep addresses and file tokens; accesses belong in the access log.
	settings.logs.maxDays = 0;
	settings.logs.logIP = false;
	settings.logs.logAuthId = false;
	settings.batch.enabled = false;
	app.save(settings);
});
