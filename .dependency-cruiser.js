// The import arrows of the house. A room may use what stands on a lower floor, and nothing beside or above itself.
// Types are free: `Register` is passed, never imported. Run with `npm run arrows`.
const floors = [
	['pocketbase', 'sealing', 'access-log'],
	['staff', 'recordings'],
	['listening', 'retention'],
	['requests'],
	['visits']
];
const rooms = floors.flat();
const inRoom = (names) => `^src/(${names.join('|')})/`;

const arrows = floors.flatMap((floor, level) =>
	floor.map((room) => ({
		name: `${room} stands on its floor`,
		severity: 'error',
		from: { path: inRoom([room]) },
		to: {
			path: inRoom(
				floors
					.slice(level)
					.flat()
					.filter((other) => other !== room)
			)
		}
	}))
);

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
	forbidden: [
		...arrows,
		{
			name: 'no circles',
			severity: 'error',
			from: { path: '^src' },
			to: { circular: true }
		},
		{
			name: 'nobody imports routes or commands',
			severity: 'error',
			from: { path: '^src', pathNot: '^src/(routes|commands)/' },
			to: { path: '^src/(routes|commands)/' }
		},
		{
			name: 'the domain knows no framework',
			severity: 'error',
			from: { path: inRoom(rooms) },
			to: { path: '(@sveltejs/kit|^\\$app|node_modules/(svelte|howler)/|^src/ui/)' }
		},
		{
			name: 'only pocketbase speaks PocketBase',
			severity: 'error',
			from: { path: '^src', pathNot: '^src/pocketbase/' },
			to: { path: 'node_modules/pocketbase/' }
		},
		{
			name: 'only the player imports howler',
			severity: 'error',
			from: { path: '^src', pathNot: '^src/ui/player/' },
			to: { path: 'node_modules/howler/' }
		},
		{
			name: 'only listening opens sealed audio',
			severity: 'error',
			from: { path: '^src', pathNot: '^src/(sealing|listening|recordings|register\\.server)' },
			to: { path: '^src/sealing/sealed-file' }
		},
		{
			name: 'what is imported is there',
			severity: 'error',
			from: { path: '^src' },
			to: { couldNotResolve: true, pathNot: '^(\\$app|\\./\\$types)' }
		}
	],
	options: {
		tsPreCompilationDeps: false,
		tsConfig: { fileName: 'tsconfig.json' },
		doNotFollow: { path: 'node_modules' },
		exclude: { path: '^src/ui/words/compiled' },
		enhancedResolveOptions: { conditionNames: ['import', 'node', 'svelte', 'default'], exportsFields: ['exports'] }
	}
};
