import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

export default ts.config(
	{ ignores: ['build/', '.svelte-kit/', 'src/ui/words/compiled/', 'pb_migrations/', 'test-results/', 'data/'] },
	...ts.configs.strict,
	...svelte.configs.recommended,
	{
		languageOptions: { globals: { ...globals.node, ...globals.browser } },
		rules: {
			'@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
			'@typescript-eslint/explicit-module-boundary-types': 'off',
			// `m.key()` and page addresses are plain strings here; the product is served at its own root.
			'svelte/no-navigation-without-resolve': 'off',
			'no-console': ['error', { allow: ['error'] }]
		}
	},
	{
		files: [
			'src/commands/**',
			'src/demo/make-calls.ts',
			'test/bench/**',
			'test/faults/**',
			'test/soak/**',
			'test/support/**'
		],
		rules: { 'no-console': 'off' }
	},
	{
		files: ['**/*.svelte', '**/*.svelte.ts'],
		languageOptions: { parserOptions: { parser: ts.parser, extraFileExtensions: ['.svelte'], svelteConfig } }
	}
);
