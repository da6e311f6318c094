/// A visit can be made longer only while it is on, released, and nobody else's hour at that kiosk comes meanwhile.
migrate(
	(app) => {
		app
			.db()
			.newQuery(
				`CREATE TRIGGER visits_longer BEFORE UPDATE ON visits
				WHEN NEW.ends > OLD.ends AND (
					OLD.state = 'ended' OR OLD.verified_by = '' OR EXISTS (
						SELECT 1 FROM appointments AS other
						WHERE other.kiosk = OLD.kiosk AND other.id != OLD.appointment AND other.state = 'booked'
							AND other.starts < NEW.ends AND other.ends > OLD.ends
					)
				)
				BEGIN SELECT RAISE(ABORT, 'visits_longer'); END`
			)
			.execute();
	},
	(app) => {
		app.db().newQuery('DROP TRIGGER visits_longer').execute();
	}
);
