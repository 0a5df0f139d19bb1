/** docs/debugging.md explains every event and every status of health that there is. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { HealthStatus, NetworkErrorKind, StatisticsEvent } from '../../src/index.js';

const page = readFileSync(new URL('../../docs/debugging.md', import.meta.url), 'utf8');
/** The names in the first column of its tables. */
const explained = [...page.matchAll(/^\| (`\w+`(?:, `\w+`)*) \|/gm)].flatMap(([, names = '']) => names.replaceAll('`', '').split(', '));

// Records, so that a name which is added to a type does not compile until it is added here.
const events: Record<StatisticsEvent['type'], true> = {
  opened: true, reopened: true, polled: true, retrying: true, deleted: true, orphaned: true, journalFailed: true, platformFailed: true,
  stale: true, evicted: true, rejected: true, fallbackStarted: true, fallbackEnded: true, split: true, peeked: true, merged: true,
};
const statuses: Record<HealthStatus, true> = { idle: true, connecting: true, live: true, degraded: true, unauthorized: true, closed: true };
const kinds: Record<NetworkErrorKind, true> = { refused: true, untrusted: true, failed: true, timeout: true, 'too-large': true, unreadable: true, redirect: true };

it('explains every event', () => {
  expect(Object.keys(events).filter((type) => !explained.includes(type))).toEqual([]);
});

it('explains every status that may last, and names every kind of network error', () => {
  const desired = ['live', 'closed'];
  expect(Object.keys(statuses).filter((status) => !explained.includes(status) && !desired.includes(status))).toEqual([]);
  expect(Object.keys(kinds).filter((kind) => !page.includes(`\`${kind}\``))).toEqual([]);
});
