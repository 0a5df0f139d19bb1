/** What `genesys-statistics fleet` prints: who leads a fleet, since when, for how many, and how far its news lag. */
import { inspectFleet, type Bus } from '../../fleet/index.js';

/** Milliseconds within which the bus has to answer. */
const patience = 5_000;

/**
 * The lines that describe a fleet, or one line of JSON.
 *
 * @param now - epoch milliseconds.
 */
export async function describeFleet(bus: Bus, baseUrl: string, now: number, json = false): Promise<string> {
  const report = await inspectFleet(bus, baseUrl, patience);
  if (json) {
    return JSON.stringify(report ?? { leader: null });
  }
  if (report === undefined) {
    return `Nobody leads a fleet for ${baseUrl}.`;
  }
  const { leader, since, at, members, topics, lag, health } = report;
  const rows = [
    ['leader', plain(leader)],
    ['since', `${new Date(since).toISOString()} (${seconds(now - since)})`],
    ['last heard', `${seconds(now - at)} ago`],
    ['status', health.status + (health.lastError === undefined ? '' : `: ${health.lastError.message}`)],
    ['demand', `${topics} statistics and sets, of ${members} processes`],
    ['upstreams', `${health.upstreams}, with ${health.statistics} statistics`],
    ['lag', `${lag.toFixed(1)} ms for the last publication`],
  ];
  return rows.map(([name = '', text = '']) => `${name.padEnd(12)}${text}`).join('\n');
}

/** The bus is untrusted: nothing on it may move a terminal's cursor. */
function plain(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, ' ');
}

function seconds(milliseconds: number): string {
  return `${(Math.max(0, milliseconds) / 1000).toFixed(1)} s`;
}
