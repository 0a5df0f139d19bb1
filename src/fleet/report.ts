/**
 * The report that a leader publishes about itself whenever it renews its lead: the source of `health$` in other processes, and of
 * `genesys-statistics fleet`. Read from the bus, so it is checked.
 */
import type { Health, HealthStatus, StatisticsError } from '../index.js';
import { errorOfData, errorToData } from './errors.js';
import { isRecord, parse } from './plain.js';

/** A leader's report. Times are epoch milliseconds of the leader's clock. */
export interface LeaderReport {
  /** The id of the leading member. */
  readonly leader: string;
  /** When it began to lead. */
  readonly since: number;
  /** When it wrote this. */
  readonly at: number;
  /** Members that demand anything, and the topics that they demand together. */
  readonly members: number;
  readonly topics: number;
  /** Milliseconds that its last publication took. */
  readonly lag: number;
  readonly health: Omit<Health, 'observers' | 'status'> & { readonly status: Exclude<HealthStatus, 'closed'> };
}

const longestReport = 20_000;
const longestId = 200;
const statuses = ['idle', 'connecting', 'live', 'degraded', 'unauthorized'] as const;

export function writeReport({ health, ...report }: LeaderReport): string {
  const { lastError, ...rest } = health;
  return JSON.stringify({ ...report, health: { ...rest, ...(lastError === undefined ? {} : { lastError: errorToData(lastError) }) } });
}

/** `undefined` for anything but a report. */
export function readReport(text: string): LeaderReport | undefined {
  const data = parse(text, longestReport);
  const health = isRecord(data) ? data['health'] : undefined;
  if (!isRecord(data) || !isRecord(health)) {
    return undefined;
  }
  const { leader, since, at, members, topics, lag } = data;
  const status = statuses.find((each) => each === health['status']);
  const numbers = [since, at, members, topics, lag, health['upstreams'], health['statistics']];
  if (typeof leader !== 'string' || leader.length > longestId || status === undefined || !numbers.every(isNumber)) {
    return undefined;
  }
  const lastError: StatisticsError | undefined = errorOfData(health['lastError']);
  const [began, wrote, ofMembers, ofTopics, took, upstreams, statistics] = numbers as [number, number, number, number, number, number, number];
  return {
    leader,
    since: began,
    at: wrote,
    members: ofMembers,
    topics: ofTopics,
    lag: took,
    health: {
      status,
      upstreams,
      statistics,
      ...(isNumber(health['lastSuccessAt']) ? { lastSuccessAt: health['lastSuccessAt'] } : {}),
      ...(isNumber(health['retryAt']) ? { retryAt: health['retryAt'] } : {}),
      ...(lastError === undefined ? {} : { lastError }),
    },
  };
}

function isNumber(given: unknown): given is number {
  return typeof given === 'number' && Number.isFinite(given);
}
