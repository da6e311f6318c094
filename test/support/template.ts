import { rm } from 'node:fs/promises';
import type { TestProject } from 'vitest/node';
import { foundTemplate, type Template } from './house-on.ts';

declare module 'vitest' {
	interface ProvidedContext {
		template: Template;
	}
}

/** Founds one register, migrated and empty, of which every test file gets a copy. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
	const template = await foundTemplate();
	project.provide('template', template);
	return () => rm(template.data, { recursive: true, force: true });
}
