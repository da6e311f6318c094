import { readFileSync } from 'node:fs';

/** What a process has used so far (Linux: proc(5)). */
export interface Used {
	cpuSeconds: number;
	megabytes: number;
}

/** Reads what a process has used of its processor's time, and what it holds of memory now. */
export function usedBy(pid: number): Used {
	// The name, in brackets, may hold anything; of the fields behind it these are ticks of 10 ms.
	const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
	const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
	return { cpuSeconds: (Number(fields[11]) + Number(fields[12])) / 100, megabytes: Number(kilobytes) / 1024 };
}

/** The processes that a process has started. */
export function childrenOf(pid: number): number[] {
	return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
}
