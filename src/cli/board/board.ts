/**
 * A wallboard as plain data: a row of figures for each queue and each agent, and the sources that keep them up to date. Knows
 * nothing of terminals.
 */
import { map } from 'rxjs';
import { numberOf, type StatisticsClient } from '../../index.js';
import { abandonRate } from '../../kpi/index.js';
import { createFigure, rounded, statisticSource, withReading, type Figure, type FigureSource, type Reading } from '../live/figure.js';
import type { Live } from '../live/live.js';
import { agentNames, queueNames, type AgentKey, type BoardObject, type BoardPlan, type QueueKey, type Targets } from './plan.js';

export interface Row<K extends string> {
  readonly label: string;
  readonly figures: Readonly<Record<K, Figure>>;
}

export type QueueRow = Row<QueueKey | 'abandonRate'>;
export type AgentRow = Row<AgentKey>;

export interface Board extends Live {
  readonly title: string;
  readonly queues: readonly QueueRow[];
  readonly agents: readonly AgentRow[];
  readonly targets: Targets;
}

/** Makes the board of a plan, and the sources that keep it up to date. Nothing is sent before a source is subscribed to. */
export function createBoard(client: StatisticsClient, plan: BoardPlan, title: string): { board: Board; sources: FigureSource[] } {
  const sources: FigureSource[] = [];
  const keep = (source: FigureSource): Figure => {
    sources.push(source);
    return source.figure;
  };
  const rowOf = <K extends string>({ label, ...object }: BoardObject, keys: readonly K[], names: Readonly<Record<K, string>>): Row<K> => ({
    label,
    figures: Object.fromEntries(keys.map((key) => [key, keep(statisticSource(client, { name: names[key], ...object }))])) as Record<K, Figure>,
  });
  const queues = plan.queues.map((object): QueueRow => {
    const row = rowOf(object, Object.keys(queueNames) as QueueKey[], plan.names);
    return { label: row.label, figures: { ...row.figures, abandonRate: keep(abandonRateSource(client, object, plan)) } };
  });
  const agents = plan.agents.map((object) => rowOf(object, Object.keys(agentNames) as AgentKey[], plan.names));
  return {
    board: { title: plan.title ?? title, queues, agents, targets: plan.targets, figures: sources.map(({ figure }) => figure), polls: 0 },
    sources,
  };
}

/** A subscription of both numbers, so that they come from one answer. */
function abandonRateSource({ subscriptionState$ }: StatisticsClient, { objectId, objectType }: BoardObject, { names }: BoardPlan): FigureSource {
  const states$ = subscriptionState$({
    answered: { name: names.answered, objectId, objectType },
    abandoned: { name: names.abandoned, objectId, objectType },
  });
  return {
    figure: createFigure('kpi', { name: 'abandonRate', objectId, objectType }, abandonRate.unit),
    states$: states$.pipe(
      map((state) =>
        withReading(state, ({ answered, abandoned }): Reading => {
          const { value: number, of } = abandonRate.explain({ answered: numberOf(answered.value), abandoned: numberOf(abandoned.value) });
          return { value: number === null ? null : rounded(number), number, raw: number, timestamp: null, of };
        }),
      ),
    ),
  };
}
