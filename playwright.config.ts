import { defineConfig } from '@playwright/test';

/** Where nothing is heard and no clock is held to, two files may run at a time. */
const pages = [
	'desk',
	'desk-pages',
	'kiosk-for-everyone',
	'kiosk-policy',
	'live-board',
	'log-papers',
	'log-reading',
	'people',
	'register-pages',
	'requests',
	'retention',
	'second-factor',
	'wrong-code'
].map((name) => `**/${name}.spec.ts`);

export default defineConfig({
	testDir: 'test/screens',
	outputDir: 'test-results',
	timeout: 120_000,
	expect: { timeout: 10_000 },
	projects: [
		{ name: 'pages', testMatch: pages, workers: 2 },
		{ name: 'sound', testIgnore: pages, workers: 1 }
	],
	workers: 2,
	use: {
		launchOptions: {
			executablePath: '/usr/bin/chromium',
			args: [
				// Root has no sandbox to go into; people's kiosks keep theirs.
				...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
				'--disable-quic',
				'--no-first-run',
				'--disable-background-networking',
				'--disable-component-update',
				'--disable-sync',
				'--autoplay-policy=no-user-gesture-required'
			]
		},
		actionTimeout: 15_000,
		navigationTimeout: 15_000,
		screenshot: 'only-on-failure'
	}
});
