/**
 * The whole bench: rounds within a scenario, contestants within a round, loads for each. Contestants are interleaved, so
 * that other work of the machine affects all alike. Reports medians of rounds, and of the ratios within rounds.
 */
import { describe, type Name } from './contestants.ts';
import { run, type Figures, type Load, type Server } from './run.ts';
import type { Bar, Scenario } from './scenarios.ts';

export interface Plan {
  readonly rounds: number;
  readonly quick: boolean;
  /** The contestants that take part, if the scenario has them. */
  readonly contestants: readonly Name[];
}

/** A contestant in a scenario. */
export interface Row {
  readonly contestant: Name;
  /** By the figure's title: the median over the rounds. */
  readonly medians: Figures;
  /** The median of the ratios to `limit` in the same round, if both took part. */
  readonly ratios: Figures;
  /** All rounds, by the figure's title. */
  readonly rounds: readonly Figures[];
}

export interface Judged extends Bar {
  readonly measured: number;
  readonly met: boolean;
}

export interface Result {
  readonly scenario: Scenario;
  readonly rows: readonly Row[];
  /** Empty if this library did not take part. */
  readonly bars: readonly Judged[];
}

/** @param progress - is called with a text before each run. */
export async function measure(server: Server, scenario: Scenario, plan: Plan, progress: (text: string) => void): Promise<Result> {
  const taking = scenario.contestants.filter((name) => plan.contestants.includes(name));
  const rounds = new Map<Name, Figures[]>(taking.map((name) => [name, []]));
  for (let round = 0; round < plan.rounds; round++) {
    // Each round begins with another contestant, so that none always follows the same one.
    for (const name of rotated(taking, round)) {
      const runs: Figures[] = [];
      for (const load of scenario.loads) {
        progress(`${scenario.name}: round ${round + 1} of ${plan.rounds}, ${name}`);
        runs.push(await run(server, name, paced(load, name, plan.quick), scenario.measure));
      }
      rounds.get(name)?.push(Object.fromEntries(scenario.figures.map(({ title, of }) => [title, of(runs)])));
    }
  }
  const rows = taking.map((name) => rowOf(scenario, name, rounds));
  return { scenario, rows, bars: judge(scenario, rows.find(({ contestant }) => contestant === 'ours')) };
}

/** The load, at a pace that this contestant can keep. */
function paced(load: Load, name: Name, quick: boolean): Load {
  const { each, byTheClock } = describe(name);
  const pace = {
    interval: byTheClock === true ? Math.max(200, 4 * load.statistics) : load.interval,
    warmUp: each === true ? 1 : load.warmUp,
    polls: each === true ? 2 : load.polls,
  };
  return {
    ...load,
    ...pace,
    ...(quick ? { warmUp: Math.ceil(pace.warmUp / 3), polls: Math.ceil(pace.polls / 3) } : {}),
  };
}

function rotated<T>(list: readonly T[], by: number): T[] {
  const at = list.length === 0 ? 0 : by % list.length;
  return [...list.slice(at), ...list.slice(0, at)];
}

function rowOf(scenario: Scenario, contestant: Name, all: ReadonlyMap<Name, readonly Figures[]>): Row {
  const rounds = all.get(contestant) ?? [];
  const limit = all.get('limit');
  const medians = scenario.figures.map(({ title }) => [title, median(rounds.map((round) => round[title] ?? Number.NaN))] as const);
  const ratios = scenario.figures.flatMap(({ title, compared }) => {
    if (compared !== true || limit === undefined) {
      return [];
    }
    return [[title, median(rounds.map((round, index) => (round[title] ?? Number.NaN) / (limit[index]?.[title] ?? Number.NaN)))] as const];
  });
  return { contestant, medians: Object.fromEntries(medians), ratios: Object.fromEntries(ratios), rounds };
}

function judge({ bars }: Scenario, ours: Row | undefined): Judged[] {
  return bars.flatMap((bar) => {
    const measured = (bar.ratio === true ? ours?.ratios : ours?.medians)?.[bar.figure];
    return measured === undefined ? [] : [{ ...bar, measured, met: measured <= bar.most }];
  });
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? Number.NaN) + (sorted[Math.floor(middle)] ?? Number.NaN)) / 2;
}
