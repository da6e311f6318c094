import type words from '#ui/words/doctor.en.json';

type Word = keyof typeof words;
/** What a check can find, by the key of its words. */
export type Said = { [W in Word]: W extends `doctor_said_${infer Key}` ? Key : never }[Word];
/** What of it also says what to do: all that is not fine. */
export type Todo = { [W in Word]: W extends `doctor_todo_${infer Key}` ? Key : never }[Word];
/** The names of the checks. */
export type Check = { [W in Word]: W extends `doctor_check_${infer Key}` ? Key : never }[Word];

/** `fine`: nothing to do; `look`: somebody should, these days; `act`: somebody must, now. */
export type State = 'fine' | 'look' | 'act';
/** What stands in the gaps of the words. */
export type Gaps = Record<string, string | number>;

/** What one check found. Ids and numbers only: whoever keeps the machine running sees no call, no name, no number. */
export interface Finding {
	state: State;
	said: Said;
	gaps: Gaps;
	/** Where exactly, in the words of the program that said so, which are English. */
	detail?: string | undefined;
}

export const fine = (said: Exclude<Said, Todo>, gaps: Gaps = {}): Finding => ({ state: 'fine', said, gaps });
export const look = (said: Todo & Said, gaps: Gaps = {}, detail?: string): Finding => ({
	state: 'look',
	said,
	gaps,
	detail
});
export const act = (said: Todo & Said, gaps: Gaps = {}, detail?: string): Finding => ({
	state: 'act',
	said,
	gaps,
	detail
});
