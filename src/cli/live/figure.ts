/**
 * One live number or state: a statistic, or a KPI of several, with its status. Plain data: `live.ts` updates it, and tables show
 * it.
 */
import { map, type Observable } from 'rxjs';
import { numberOf, type State, type StatisticsClient, type StatisticsError, type StatisticValue } from '../../index.js';
import { agentStatus, statistics } from '../../kpi/index.js';
import { createTrend, type Trend } from './trend.js';

/** The identity of a figure. */
export interface Subject {
  readonly name: string;
  readonly objectId: string;
  readonly objectType: string;
}

export interface Figure extends Subject {
  readonly type: 'statistic' | 'kpi';
  readonly unit: string;
  status: 'pending' | 'live' | 'stale' | 'failed';
  reading?: Reading;
  /** The reason why it is refused or stale. */
  error?: StatisticsError | undefined;
  /** Epoch milliseconds of the last answer, while the figure has a stale reading. */
  confirmedAt?: number | undefined;
  /** The difference from the previous number. */
  change?: number;
  readonly trend: Trend;
}

/** A value as lines of JSON and tables show it. */
export interface Reading {
  /** A number with at most two decimals, the name of a state, or the server's value. */
  readonly value: unknown;
  readonly number: number | null;
  /** The server's value. */
  readonly raw: unknown;
  /** Epoch milliseconds. */
  readonly timestamp: number | null;
  /** The denominator of a KPI. */
  readonly of?: number | null;
}

/** A figure and the stream of its states. */
export interface FigureSource {
  readonly figure: Figure;
  readonly states$: Observable<State<Reading>>;
}

export function createFigure(type: Figure['type'], { name, objectId, objectType }: Subject, unit: string): Figure {
  return { type, name, objectId, objectType, unit, status: 'pending', trend: createTrend() };
}

/** Makes the figure of a single statistic. */
export function statisticSource({ statisticState$ }: StatisticsClient, subject: Subject): FigureSource {
  return {
    figure: createFigure('statistic', subject, unitOf(subject.name)),
    states$: statisticState$(subject.name, subject).pipe(map((state) => withReading(state, readingOf))),
  };
}

/** Converts the value of a state to a reading. */
export function withReading<V>(state: State<V>, read: (value: V) => Reading): State<Reading> {
  return (state.value === undefined ? state : { ...state, value: read(state.value) }) as State<Reading>;
}

export function readingOf({ value: raw, timestamp }: Pick<StatisticValue, 'value' | 'timestamp'>): Reading {
  const number = numberOf(raw);
  return { value: number === null ? (agentStatus(raw).status ?? raw) : rounded(number), number, raw, timestamp };
}

export const rounded = (number: number): number => Math.round(number * 100) / 100;

/** The unit of a well-known statistic; otherwise `unknown`. */
export function unitOf(name: string): string {
  return Object.hasOwn(statistics, name) ? statistics[name as keyof typeof statistics].unit : 'unknown';
}
