/** Every mutant there is, floor by floor. Each is a bug that somebody could make, and that some promise of the package forbids. */
import { client } from './catalogue/client.ts';
import { entries } from './catalogue/entries.ts';
import { model } from './catalogue/model.ts';
import { sharing } from './catalogue/sharing.ts';
import { time } from './catalogue/time.ts';
import { upstream } from './catalogue/upstream.ts';
import { wire } from './catalogue/wire.ts';
import type { Mutant } from './mutant.ts';

export const mutants: readonly Mutant[] = [...model, ...time, ...wire, ...upstream, ...sharing, ...client, ...entries];
