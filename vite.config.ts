import { fileURLToPath } from 'node:url';
import { paraglideVitePlugin } from '@inlang/paraglide-js';
import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vitest/config';

// The programs that tests start are read and stripped of their types once, and not by each of them anew.
const env = { NODE_COMPILE_CACHE: fileURLToPath(new URL('./node_modules/.cache/compiled', import.meta.url)) };

export default defineConfig({
	plugins: [
		paraglideVitePlugin({ project: './src/ui/words/project.inlang', outdir: './src/ui/words/compiled' }),
		sveltekit()
	],
	build: { rolldownOptions: { checks: { pluginTimings: false } } },
	test: {
		// Much of a test is waiting for the disk and for PocketBase, so two at a time take little more than half the time.
		maxWorkers: 2,
		// The pages are tested in a browser against the built server; what runs here needs neither Kit nor Svelte.
		projects: [
			{
				extends: false,
				test: {
					name: 'core',
					env,
					include: ['test/core/**/*.test.ts'],
					globalSetup: ['test/support/template.ts'],
					testTimeout: 120_000,
					hookTimeout: 120_000
				}
			},
			{
				extends: false,
				test: {
					name: 'web',
					env,
					include: ['test/web/**/*.test.ts'],
					globalSetup: ['test/support/template.ts'],
					testTimeout: 120_000,
					hookTimeout: 120_000
				}
			}
		]
	}
});
