/** A contestant that tells each observer what is its neighbour's: as many values as should be, but not theirs. */
import { start as limit } from '../../bench/contestants/limit.ts';
import type { Contestant } from '../../bench/job.ts';

export const start: Contestant = (task) => limit({ ...task, observe: (number) => task.observe(number ^ 1) });
