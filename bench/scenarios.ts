/**
 * The scenarios: sizes, kinds of measurement, contestants, and the bars for this library. Data only; a figure is computed
 * from one contestant's runs in one round, one run for each load.
 */
import type { Name } from './contestants.ts';
import { arrivals, cold, heap, leavingWhileOpening, loopDelay, recovery, staleness, steady, stopping, type Figures, type Load, type Measurement } from './run.ts';

export interface Scenario {
  readonly name: string;
  readonly title: string;
  readonly loads: readonly Load[];
  readonly measure: Measurement;
  readonly contestants: readonly Name[];
  /** The reason why some contestants do not take part. */
  readonly leftOut?: string;
  readonly figures: readonly Figure[];
  readonly bars: readonly Bar[];
  /** The cause that keeps the figures from being better. Without numbers of its own. */
  readonly bounds: string;
  /** Measured only if it is asked for by name. */
  readonly hidden?: true;
}

export type Unit = 'ms' | 'bytes' | 'times' | 'count';

export interface Figure {
  readonly title: string;
  readonly unit: Unit;
  readonly of: (runs: readonly Figures[]) => number;
  /** Whether its ratio to `limit` in the same round is shown beside it. */
  readonly compared?: true;
}

export interface Bar {
  /** The title of a figure. */
  readonly figure: string;
  readonly most: number;
  /** Whether it is about the ratio to `limit` in the same round. */
  readonly ratio?: true;
}

const figure = (title: string, unit: Unit, key: string): Figure => ({ title, unit, of: ([run]) => run?.[key] ?? Number.NaN });
const compared = (title: string, unit: Unit, key: string): Figure => ({ ...figure(title, unit, key), compared: true });

/** The cost of one more of something, from two sizes, since both contain the cost of loading code. */
const perEach = (key: string, few: Figures | undefined, many: Figures | undefined, more: number): number => ((many?.[key] ?? Number.NaN) - (few?.[key] ?? Number.NaN)) / more;

const cpu = compared('CPU per poll', 'ms', 'cpu');
const requests = figure('requests per poll', 'count', 'requests');
const requestsAtStart = figure('requests at start', 'count', 'requests at start');
const bytes = figure('bytes per poll', 'bytes', 'bytes');
const deliveries = figure('deliveries per poll', 'count', 'deliveries');
const leftOpen = figure('left open', 'count', 'left open');
const perStatistic: Figure = { title: 'per statistic with its first observer', unit: 'bytes', of: ([small, few]) => perEach('used', small, few, 9000) };
const late = figure('late requests', 'count', 'late requests');

const everybody: readonly Name[] = ['limit', 'limit-slices', 'ours', 'careful-rxjs', 'vendor', 'query-core-one', 'query-core-each', 'recipe'];
const together: readonly Name[] = ['limit', 'limit-slices', 'ours', 'careful-rxjs', 'vendor', 'query-core-one'];
const noEach = 'They need a socket for each statistic: at this size the process runs out of descriptors.';

/** One request per poll, as for the other contestants. The warm-up lasts until code that is compiled late has been compiled. */
const load = (statistics: number, observers: number, share: number): Load => ({
  statistics,
  observers,
  change: { by: 'reads', share },
  batchSize: statistics,
  interval: 20,
  ...(statistics > 1000 ? { warmUp: 40, polls: 40 } : { warmUp: 150, polls: 80 }),
});

const steadyFigures = [cpu, requests, requestsAtStart, bytes, deliveries, leftOpen, late];
const steadyBars = (most: number, atStart = 1): Bar[] => [
  { figure: cpu.title, most, ratio: true },
  { figure: requests.title, most: atStart },
  { figure: requestsAtStart.title, most: atStart },
  { figure: leftOpen.title, most: 0 },
  { figure: late.title, most: 0 },
];

export const scenarios: readonly Scenario[] = [
  {
    name: 'smoke',
    title: 'Everybody, as small as can be',
    loads: [{ ...load(20, 40, 0.1), warmUp: 2, polls: 3 }],
    measure: steady,
    contestants: [...everybody, 'ours-unnudged'],
    figures: steadyFigures,
    bars: [],
    bounds: '',
    hidden: true,
  },
  {
    name: '1000',
    title: 'N = M = 1,000, 10 % change',
    loads: [load(1000, 1000, 0.1)],
    measure: steady,
    contestants: everybody,
    figures: steadyFigures,
    bars: steadyBars(1),
    bounds: 'The request itself: at this size the platform’s `fetch`, which all share, takes most of a poll. Comparing saves decoding and most of the parsing; the deadline, credentials, cookies and limits of each request take some of that back.',
  },
  {
    name: '1000x10',
    title: 'N = 1,000, M = 10,000, 10 % change',
    loads: [load(1000, 10_000, 0.1)],
    measure: steady,
    contestants: everybody,
    figures: steadyFigures,
    bars: steadyBars(1.15),
    bounds: 'As above, and the deliveries: a delivery to a subscriber of RxJS takes more calls than one to a plain function.',
  },
  {
    name: '10000-0',
    title: 'N = M = 10,000, nothing changes',
    loads: [load(10_000, 10_000, 0)],
    measure: steady,
    contestants: together,
    leftOut: noEach,
    figures: steadyFigures,
    bars: steadyBars(0.5),
    bounds: 'Receiving the body: the platform’s `fetch`, a copy of its bytes, and one comparison of them with the last ones are all that is left.',
  },
  {
    name: '10000-10',
    title: 'N = M = 10,000, 10 % change',
    loads: [load(10_000, 10_000, 0.1)],
    measure: steady,
    contestants: together,
    leftOut: noEach,
    figures: steadyFigures,
    bars: steadyBars(0.6),
    bounds: 'Receiving the body, parsing the changed elements, and collecting the garbage that replaced values become.',
  },
  {
    name: '10000-100',
    title: 'N = M = 10,000, everything changes',
    loads: [load(10_000, 10_000, 1)],
    measure: steady,
    contestants: together,
    leftOut: noEach,
    figures: steadyFigures,
    bars: steadyBars(1.4),
    bounds: 'JSON.parse of the whole, as without a library, and in addition a frozen value for each delivery.',
  },
  {
    name: 'scavenger',
    title: 'N = M = 10,000, 1 % change: with and without nudging the scavenger',
    loads: [load(10_000, 10_000, 0.01)],
    measure: steady,
    contestants: ['limit', 'ours', 'ours-unnudged'],
    figures: [cpu],
    bars: [],
    bounds: 'Only a scavenge of V8’s young generation frees the buffers that `fetch` leaves behind. A poll that parses little allocates too little to trigger one, so the library allocates on purpose.',
  },
  ...[5, 1000].map(
    (size): Scenario => ({
      name: `sets-${size}`,
      title: `N = 1,000 in ${size === 1000 ? 'one set' : `${1000 / size} sets of ${size}`}, 10 % change`,
      loads: [{ ...load(1000, 1000 / size, 0.1), setSize: size }],
      measure: steady,
      contestants: ['limit', 'ours'],
      figures: steadyFigures,
      bars: steadyBars(1),
      bounds: 'Sets share upstreams, so a poll is one request for all of them. Each set with a change gets a new snapshot of all its members.',
    }),
  ),
  {
    name: 'batches',
    title: 'N = M = 10,000, 10 % change, `batch.size` left at its default',
    loads: [{ statistics: 10_000, observers: 10_000, change: { by: 'reads', share: 0.1 }, interval: 20, warmUp: 40, polls: 40 }],
    measure: steady,
    contestants: ['limit', 'ours'],
    figures: steadyFigures,
    bars: [
      { figure: requests.title, most: 20 },
      { figure: requestsAtStart.title, most: 20 },
      { figure: leftOpen.title, most: 0 },
      { figure: late.title, most: 0 },
    ],
    bounds: 'Twenty requests instead of one. A program with ten thousand statistics raises `batch.size`, if its server accepts them together.',
  },
  {
    name: 'observers',
    title: 'N = 1,000, nothing changes: M = 10,000 against M = 1,000',
    loads: [load(1000, 1000, 0), load(1000, 10_000, 0)],
    measure: steady,
    contestants: ['limit', 'ours', 'careful-rxjs', 'query-core-one'],
    figures: [
      { title: 'M = N', unit: 'ms', of: ([few]) => few?.['cpu'] ?? Number.NaN },
      { title: 'M = 10 N', unit: 'ms', of: ([, many]) => many?.['cpu'] ?? Number.NaN },
      { title: 'M = 10 N over M = N', unit: 'times', of: ([few, many]) => (many?.['cpu'] ?? Number.NaN) / (few?.['cpu'] ?? Number.NaN) },
    ],
    bars: [{ figure: 'M = 10 N over M = N', most: 1.1 }],
    bounds: 'The collector: a poll reaches no observer whose statistic did not change, but the collector marks every observer, here as without a library.',
  },
  ...[1000, 10_000].map(
    (size): Scenario => ({
      name: `timestamps-${size}`,
      title: `N = M = ${size.toLocaleString('en')}, every timestamp moves, no value changes`,
      loads: [{ ...load(size, size, 0), change: { by: 'timestamps' } }],
      measure: steady,
      contestants: together,
      leftOut: size > 1000 ? noEach : 'Statistics that are peeked at change by reads only.',
      figures: [cpu, deliveries],
      bars: [
        { figure: cpu.title, most: 1.3, ratio: true },
        { figure: deliveries.title, most: 0 },
      ],
      bounds: 'No element equals the last one, so everything is parsed, and each value is compared with the last.',
    }),
  ),
  {
    name: 'heap',
    title: 'Heap, from N = M = 1,000 to N = M = 10,000, and from there to M = 100,000',
    loads: [load(1000, 1000, 0.1), load(10_000, 10_000, 0.1), load(10_000, 100_000, 0.1)].map((each) => ({ ...each, warmUp: 5 })),
    measure: heap,
    contestants: ['limit', 'limit-slices', 'ours', 'careful-rxjs', 'vendor', 'query-core-one'],
    leftOut: noEach,
    figures: [
      { title: 'per observer', unit: 'bytes', of: ([, few, many]) => perEach('used', few, many, 90_000) },
      perStatistic,
      { title: 'buffers outside the heap, per statistic', unit: 'bytes', of: ([small, few]) => perEach('buffers', small, few, 9000) },
    ],
    bars: [
      { figure: 'per observer', most: 700 },
      { figure: perStatistic.title, most: 1500 },
    ],
    bounds: 'RxJS: each observer is a Subscriber, the observer it wraps, and its teardown. A statistic is its definition and key, and its last reading.',
  },
  {
    name: 'heap-numbers',
    title: 'Heap with values of six numbers, from N = M = 1,000 to N = M = 10,000',
    loads: [load(1000, 1000, 0.1), load(10_000, 10_000, 0.1)].map((each) => ({ ...each, shape: 'six numbers', warmUp: 5 })),
    measure: heap,
    contestants: ['limit', 'limit-slices', 'ours', 'careful-rxjs', 'vendor', 'query-core-one'],
    leftOut: noEach,
    figures: [perStatistic],
    bars: [{ figure: perStatistic.title, most: 1700 }],
    bounds: 'As above. Two of the six numbers are no small integers, so they are objects of their own on V8’s heap.',
  },
  {
    name: 'heap-own-ids',
    title: 'The same, if the server makes up ids of its own',
    loads: [load(1000, 1000, 0.1), load(10_000, 10_000, 0.1)].map((each) => ({ ...each, shape: 'six numbers', ownIds: true, warmUp: 5 })),
    measure: heap,
    contestants: ['ours'],
    figures: [perStatistic],
    bars: [{ figure: perStatistic.title, most: 1700 }],
    bounds: 'As above, and one map from the server’s ids to the statistics.',
  },
  ...([[1000, 1.5], [10_000, 1.3]] as const).map(
    ([size, most]): Scenario => ({
      name: `cold-${size}`,
      title: `Cold start, N = M = ${size.toLocaleString('en')}: from the first subscribe to the last first value`,
      loads: [load(size, size, 0.1)],
      measure: cold,
      contestants: together,
      leftOut: size > 1000 ? noEach : 'Their first values are as many requests as there are statistics.',
      figures: [compared('wall', 'ms', 'wall'), compared('CPU', 'ms', 'cpu'), requestsAtStart],
      bars: [
        { figure: 'wall', most, ratio: true },
        { figure: requestsAtStart.title, most: 1 },
      ],
      bounds: 'All code runs for the first time: the platform’s `fetch` is loaded, and no code is compiled. Each observer is an Observable and a Subscriber of RxJS; each statistic is read, and described to the server.',
    }),
  ),
  {
    name: 'staleness',
    title: 'Staleness at a 100 ms interval, N = M = 1,000, a thousand changes a second',
    loads: [{ ...load(1000, 1000, 0), change: { by: 'clock', perSecond: 1000 }, interval: 100, warmUp: 5, polls: 40 }],
    measure: staleness,
    contestants: ['limit', 'ours'],
    figures: [figure('p50', 'ms', 'p50'), figure('p99', 'ms', 'p99')],
    bars: [
      { figure: 'p50', most: 60 },
      { figure: 'p99', most: 110 },
    ],
    bounds: 'The interval: half of it on average, all of it at worst, and the duration of the poll.',
  },
  {
    name: 'delay',
    title: 'Worst delay of the event loop, N = M = 10,000, 10 % change',
    loads: [load(10_000, 10_000, 0.1)],
    measure: loopDelay,
    contestants: together,
    leftOut: noEach,
    figures: [compared('worst delay', 'ms', 'delay')],
    bars: [{ figure: 'worst delay', most: 0.6, ratio: true }],
    bounds: 'The longest single step: comparing one body and delivering the changes, or a collection in between.',
  },
  {
    name: 'stopping',
    title: 'Stopping in the midst of polling',
    loads: [{ ...load(100, 100, 0.1), warmUp: 3 }],
    measure: stopping,
    contestants: everybody,
    figures: [leftOpen, late],
    bars: [
      { figure: leftOpen.title, most: 0 },
      { figure: late.title, most: 0 },
    ],
    bounds: 'Nothing.',
  },
  {
    name: 'leaving',
    title: 'Every observer leaves while the opening is in flight',
    loads: [{ ...load(100, 100, 0.1), openLatency: 100 }],
    measure: leavingWhileOpening,
    contestants: everybody,
    figures: [leftOpen, late],
    bars: [
      { figure: leftOpen.title, most: 0 },
      { figure: late.title, most: 0 },
    ],
    bounds: 'Nothing, as long as an opening is never aborted: its answer names the subscription to delete.',
  },
  ...(['404', '200 without data', '500'] as const).map((how): Scenario => {
    const interval = 200;
    const measured: Figure = { title: 'intervals', unit: 'times', of: ([run]) => (run?.['time'] ?? Number.NaN) / interval };
    return {
      name: `recovery-${how.split(' ')[0] ?? how}`,
      title: `The server forgets everything just after a poll, and says ${how}`,
      loads: [{ ...load(1000, 1000, 0.1), interval, warmUp: 3 }],
      measure: recovery(how),
      contestants: ['ours'],
      figures: [figure('until all observers know', 'ms', 'time'), measured],
      bars: [{ figure: measured.title, most: 2 }],
      bounds:
        how === '500'
          ? 'The loss is found by the next poll, an interval later. A server error may pass, so a second poll follows at the least backoff, then one opening.'
          : 'The loss is found by the next poll, an interval later; then one opening.',
    };
  }),
  {
    name: 'arrivals',
    title: '500 statistics, one every 20 ms, each answer 20 ms late, all options at their defaults',
    loads: [{ statistics: 500, observers: 0, change: { by: 'reads', share: 0 }, interval: 5000, warmUp: 0, polls: 0, latency: 20 }],
    measure: arrivals,
    contestants: ['ours'],
    figures: [
      figure('worst bare round trip', 'ms', 'round trip'),
      figure('first value, p50', 'ms', 'p50'),
      figure('worst', 'ms', 'worst'),
      figure('worst over round trip and window', 'times', 'allowed'),
      figure('opens', 'count', 'opens'),
      figure('peeks', 'count', 'peeks'),
      figure('upstreams 5 s later', 'count', 'open'),
    ],
    bars: [
      { figure: 'worst over round trip and window', most: 1 },
      { figure: 'opens', most: 40 },
      { figure: 'upstreams 5 s later', most: 1 },
    ],
    bounds: 'A newcomer waits for its window, then for one answer. Opens are rate-limited; newcomers beyond the limit are peeked at.',
  },
];
