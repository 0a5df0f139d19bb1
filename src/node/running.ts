/**
 * Identifies a process and tells whether it still runs. A number alone does not identify one: the platform reuses
 * numbers, in a container at every start. Knows nothing of journals.
 */
import { readFileSync } from 'node:fs';

/** A process. If the platform reveals start times, this differs from every other process that had the same number. */
export interface ProcessId {
  readonly pid: number;
  /** The start time in the platform's own unit; empty if it is unknown. */
  readonly began: string;
}

export function thisProcess(): ProcessId {
  return { pid: process.pid, began: beganOf(process.pid) };
}

/** `true` in doubt, because the entries of a running process must not be taken over. */
export function isRunning({ pid, began }: ProcessId): boolean {
  try {
    // Signal 0 sends nothing; it only asks.
    process.kill(pid, 0);
  } catch (error) {
    // Any other error, such as EPERM, means that the process exists.
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') {
      return false;
    }
  }
  const now = beganOf(pid);
  return began === '' || now === '' || now === began;
}

const [state, startTime] = [0, 19];

/** Reads Linux's `/proc`. Elsewhere the start time is unknown, and a reused number delays the reading of a journal to a later start. */
function beganOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The second field is a name in parentheses, which may itself hold blanks and parentheses; the third follows it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // An ended process stays in the table until its parent notices.
    return fields[state] === 'Z' ? 'ended' : (fields[startTime] ?? '');
  } catch {
    return '';
  }
}
