import { m } from '#ui/words/compiled/messages.js';

const states: Record<string, () => string> = {
	running: m.intake_state_running,
	done: m.intake_state_done,
	failed: m.intake_state_failed,
	cut_short: m.intake_state_cut_short
};

/** How an intake is. */
export function stateWords(state: string): string {
	return (states[state] ?? m.intake_state_failed)();
}

const sound = m.intake_reason_sound;
const reasons: Record<string, () => string> = {
	unknown_employee: m.intake_reason_employee,
	employee: m.intake_reason_employee,
	audio_missing: m.intake_reason_missing,
	audio_not_plain: m.intake_reason_missing,
	audio: m.intake_reason_missing,
	audio_unreadable: sound,
	audio_codec: sound,
	audio_cut_off: sound,
	audio_no_duration: sound,
	audio_too_big: sound,
	audio_too_long: sound,
	audio_tags: m.intake_reason_tags
};

/** Why calls were rejected, in the few words that say whom to ask. */
export function reasonWords(reason: string): string {
	return (reasons[reason] ?? m.intake_reason_data)();
}
