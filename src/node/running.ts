/** Which process is which, and whether it still runs. A number alone does not tell: it is given again, in a container at each start. */
import { readFileSync } from 'node:fs';

/** A process, told from every other that has had its number, where the platform knows when each began. */
export interface ProcessId {
  readonly pid: number;
  /** When it began, in a unit of the platform's; empty where that cannot be known. */
  readonly began: string;
}

export function thisProcess(): ProcessId {
  return { pid: process.pid, began: beganOf(process.pid) };
}

/** In doubt it does: what it has open must not be taken from it. */
export function isRunning({ pid, began }: ProcessId): boolean {
  try {
    // Sends nothing: asks only.
    process.kill(pid, 0);
  } catch (error) {
    // Anything else, such as EPERM, is said of one that is there.
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') {
      return false;
    }
  }
  const now = beganOf(pid);
  return began === '' || now === '' || now === began;
}

const [state, startTime] = [0, 19];

/** By Linux's `/proc`; elsewhere nothing tells, and a number that is given again only keeps what was left for a later start. */
function beganOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The second field is a name in brackets, which may hold blanks and brackets; of the rest the first is the third.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // One that has ended may wait long for its parent to notice.
    return fields[state] === 'Z' ? 'ended' : (fields[startTime] ?? '');
  } catch {
    return '';
  }
}
