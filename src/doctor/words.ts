import en from '#ui/words/doctor.en.json' with { type: 'json' };
import fi from '#ui/words/doctor.fi.json' with { type: 'json' };
import sv from '#ui/words/doctor.sv.json' with { type: 'json' };
import type { Check, Finding, Gaps } from './finding.ts';

// The words lie with those of the pages; the command says them too, and is not built with the pages.

const languages: Record<'fi' | 'sv' | 'en', Record<string, string>> = { fi, sv, en };

/** A finding in a language: what was looked at, what is so, and what to do if it is not fine. */
export function inWords(
	{ name, said, gaps, detail }: { name: Check } & Finding,
	language: 'fi' | 'sv' | 'en'
): { name: string; says: string; todo: string | undefined; detail: string | undefined } {
	const words = languages[language];
	const todo = words[`doctor_todo_${said}`];
	return {
		name: words[`doctor_check_${name}`] ?? name,
		says: filled(words[`doctor_said_${said}`] ?? said, gaps),
		todo: todo && filled(todo, gaps),
		detail
	};
}

function filled(text: string, gaps: Gaps): string {
	return text.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(gaps[name] ?? ''));
}
