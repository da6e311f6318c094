import { defineConfig } from '@playwright/test';

export default defineConfig({
	testDir: 'test/screens',
	outputDir: 'test-results',
	timeout: 120_000,
	expect: { timeout: 10_000 },
	workers: 1,
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
