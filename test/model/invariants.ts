/**
 * The invariants of docs/invariants.md, in terms of the model, the ledger and the emissions to all observers.
 *
 * At each request, event or emission (`server.ts`, `observer.ts`, `world.ts`): I3, I5, I8, I9, I10, I14, I17, I19, I20, I22, G6, G12, F52, F83.
 * After each command: I2, I11, I12, I18, I21. At the end: I15, I16, and I1, I3, I4, I18, I23 once nobody observes.
 * I6, I7, I24 compare lives with each other: `metamorphic.test.ts`. I13 is `test/kpi`'s.
 */
import { inspect } from 'node:util';
import { StatisticRejectedError, type StatisticsEvent } from '../../src/index.js';
import { statistics } from './catalogue.js';
import type { Model } from './model.js';
import { keysOf, nameOf, type Observer } from './observer.js';
import type { ScheduledServer } from './server.js';
import { timings, type Conditions, type World } from './world.js';

/** Collects the violations that were found while a command ran, and those found after it. */
function examine(world: World, look: (require: (holds: boolean, violation: () => string) => void) => void): void {
  const violations = [...world.violations];
  look((holds, violation) => {
    if (!holds) {
      violations.push(violation());
    }
  });
  if (violations.length > 0) {
    throw new Error(`${violations.slice(0, 8).join('\n')}\n\nwhat happened:\n${world.server.log.slice(-150).join('\n')}`);
  }
}

const isSet = ({ wish }: Pick<Observer, 'wish'>): boolean => wish.kind === 'set' || wish.kind === 'setStates';
const setOf = ({ wish }: Observer): string => [...new Set(keysOf(wish))].sort((a, b) => a - b).join();

/** Forgets the emissions of the last command, which have been checked. */
const mostAtOnce = 50;

// -- after each command ------------------------------------------------------------------------------------------------

export function holdAlways(model: Model, world: World): void {
  examine(world, (require) => {
    const { conditions, closing, clock } = world;
    const listening = [...world.observers];
    const health = world.health();
    require(model.observing === listening.length, () => `the model has ${model.observing} observers, ${listening.length} listen`);
    if (model.closed) {
      require(health.status === 'closed', () => `closed, but ${health.status}`);
      require(listening.length === 0, () => `${listening.length} still listen after the client was closed`);
    } else {
      require(health.observers === model.observing, () => `I2: ${health.observers} observers are counted, ${model.observing} observe`);
      require(health.status !== 'idle' || model.observing === 0, () => 'idle, though somebody observes');
    }

    // Each statistic and each set lives in one upstream, or is moving to another one; some upstreams are idle. If the
    // server refuses a set, its members are opened one by one.
    const single = new Set(listening.filter((one) => !isSet(one)).flatMap(({ wish }) => keysOf(wish))).size;
    const sets = new Set(listening.filter(isSet).map(setOf)).size;
    // While peeks keep an upstream live, a subscription is on probation beside it.
    const members = world.server.blamed.size > 0 || world.server.isHarsh ? new Set(listening.filter(isSet).flatMap(({ wish }) => keysOf(wish))).size : 0;
    const most = (2 * (single + sets) + members + conditions.sharing.maxIdle) * (conditions.fallback === undefined ? 1 : 2);
    require(health.upstreams <= most, () => `I2: ${health.upstreams} upstreams, for ${single} statistics, ${sets} sets and ${conditions.sharing.maxIdle} idle ones`);

    for (const [one, all] of withTheirLongest(listening)) {
      // I12, I21: observers of the same statistic receive the same values from the moment they joined.
      const recent = one.shown.slice(-mostAtOnce);
      const tail = recent.length === 0 ? [] : all.slice(-recent.length);
      const same = recent.every((versions, index) => versions.every(({ value }, member) => value === tail[index]?.[member]?.value));
      require(same, () => `I12: ${nameOf(one.wish)}: one was shown ${valuesOf(one.shown)}, another ${valuesOf(all)}`);
      require(one.shown.length > 0 || all.length === 0, () => `I11: ${nameOf(one.wish)} was not shown to all who observe it`);
    }

    if (closing !== undefined && clock.monotonic() > closing.since + timings.timeout) {
      require(closing.settled, () => `I18: close() has not settled after ${clock.monotonic() - closing.since} ms`);
    }
  });
}

/** Pairs each observer with the one that has received the most values of the same statistic. */
function withTheirLongest(listening: readonly Observer[]): [Observer, Observer['shown']][] {
  const longest = new Map<string, Observer['shown']>();
  for (const { wish, shown } of listening) {
    if (shown.length >= (longest.get(nameOf(wish))?.length ?? 0)) {
      longest.set(nameOf(wish), shown);
    }
  }
  return listening.map((one) => [one, longest.get(nameOf(one.wish)) ?? []]);
}

const valuesOf = (shown: Observer['shown']): string => shown.map((versions) => versions.map(({ value }) => value).join('+')).join(' ');

/** I22: no emitted object holds a secret, at any depth. */
export function indiscreet(told: unknown): string | undefined {
  const text = inspect(told, { depth: 8 });
  const at = text.indexOf('canary');
  return at < 0 ? undefined : `I22: a secret was shown: ${text.slice(Math.max(0, at - 200), at + 40)}`;
}

/** I20: an observer errors only if the error is about a statistic that it requested. */
export function unfair({ wish, error }: Observer, server: ScheduledServer): string | undefined {
  const blamed = server.isHarsh || keysOf(wish).some((key) => server.blamed.has(key)) || (isSet({ wish }) && server.hasRefusedSize);
  return error instanceof StatisticRejectedError && blamed ? undefined : `I20: ${nameOf(wish)} failed: ${inspect(error)}`;
}

/**
 * I19: a wait is within its limits. A Retry-After lengthens it up to a limit, by a random part for each upstream.
 *
 * @param sinceTold - milliseconds since the last Retry-After. Requests that failed together with its request wait as long.
 */
export function outOfBand(event: StatisticsEvent, sinceTold: number): string | undefined {
  if (event.type !== 'retrying') {
    return undefined;
  }
  const { minTimeout, maxTimeout } = timings;
  const { error, attempt, delay } = event;
  const hint = Math.min(maxTimeout, 'retryAfter' in error && typeof error.retryAfter === 'number' ? error.retryAfter : 0);
  const spread = hint > 0 || sinceTold <= 1.5 * maxTimeout ? maxTimeout / 2 : 0;
  const inBand = delay >= Math.max(hint, minTimeout / 10) && delay <= maxTimeout + spread;
  return inBand ? undefined : `I19: attempt ${attempt} is followed by a wait of ${delay} ms, where the server asked for ${hint}`;
}

// -- at the end --------------------------------------------------------------------------------------------------------

/** An interval that observers may ask for. */
const longestInterval = 60_000;
/**
 * I16: an answer that was on its way when the server fell silent may still arrive. Statistics that are polled every
 * `longestInterval` become stale later, by twice the excess over `maxInterval`.
 */
const silenceUntilStale = timings.timeout + timings.staleAfter + 2 * (longestInterval - timings.maxInterval) + 1;
/**
 * I15: the time to recover is the last backoff, the longest opening and poll, and the interval between them. If the server answers
 * 500 for a forgotten subscription, a second poll and a probe follow, each after a backoff. During a fallback, health waits for a
 * healthy poll of the subscription. A clock that is behind is accepted with the poll after that one, because the two sources were
 * open at once and their timestamps were compared.
 */
const recoveryOf = ({ dialect, fallback }: Conditions): number =>
  timings.maxTimeout + 2 * timings.timeout + longestInterval +
  (dialect.unknown === 500 ? 2 * timings.maxTimeout : 0) +
  (fallback === 'peek' ? 2 * longestInterval : 0);

/** Milliseconds in which separate groups are merged, even if a merge failed before. */
const rest = 100_000;

/** The end of a life: the server falls silent, recovers, and all observers leave. Checks the invariants of each step. */
export async function holdAtTheEnd(model: Model, world: World): Promise<void> {
  world.racing = false;
  if (!model.closed && world.conditions.silence) {
    await fallSilent(world);
  }
  await recover(model, world);
  holdAlways(model, world);
  if (!model.closed) {
    await settleDown(world);
    holdAlways(model, world);
  }
  await end(model, world);
}

async function fallSilent(world: World): Promise<void> {
  world.server.heal();
  world.server.fault({ operation: 'any', fault: 'hang', times: Number.POSITIVE_INFINITY });
  const before = world.clock.monotonic();
  await world.pass(silenceUntilStale);
  examine(world, (require) => {
    for (const { wish, state } of [...world.observers].filter(({ since }) => since <= before)) {
      require((wish.kind !== 'states' && wish.kind !== 'setStates') || state?.status === 'stale', () => `I16: ${nameOf(wish)} is ${state?.status ?? 'nothing'} after ${silenceUntilStale} ms of silence`);
    }
  });
}

async function recover(model: Model, world: World): Promise<void> {
  const { server, history } = world;
  const recovery = recoveryOf(world.conditions);
  server.heal();
  world.giving = 'fresh';
  world.look({ visible: true, online: true });
  for (let key = 0; key < statistics.length; key++) {
    history.set(key, 100 + key);
  }
  await world.pass(recovery);
  examine(world, (require) => {
    for (const { wish, shown } of [...world.observers]) {
      const last = shown.at(-1);
      const isFresh = keysOf(wish).every((key, index) => last?.[index]?.value === history.current(key).value);
      require(isFresh, () => `I15: ${recovery} ms after the server was well ${nameOf(wish)} was shown ${valuesOf(shown)} at last`);
    }
    require(model.closed || model.observing === 0 || world.health().status === 'live', () => `I15: the client is ${inspect(world.health())}`);
  });
}

/** At rest, the observed statistics live in as few upstreams as possible, polled no more often than needed, and nothing is opened. */
async function settleDown(world: World): Promise<void> {
  const { server, conditions } = world;
  await world.pass(rest);
  const listening = [...world.observers];
  const sets = new Set(listening.filter(isSet).map(setOf)).size;
  const single = new Set(listening.filter((one) => !isSet(one)).flatMap(({ wish }) => keysOf(wish)));
  const alone = [...single].filter((key) => server.blamed.has(key)).length;
  const before = server.requests.length;
  const time = 60_000;
  await world.pass(time);
  const requests = server.requests.slice(before);
  examine(world, (require) => {
    const most = sets + Math.ceil((single.size - alone) / conditions.batch.size) + alone;
    const settled = server.hasRefusedSize ? sets + single.size : most;
    require(world.health().upstreams <= settled, () => `I2: ${world.health().upstreams} upstreams at rest, for ${single.size} statistics and ${sets} sets`);
    require(requests.every(({ operation }) => operation === 'read'), () => `at rest: ${requests.map(({ operation }) => operation).join()}`);
    const interval = Math.min(timings.interval, ...listening.map(({ wish }) => wish.interval ?? timings.interval));
    const polls = settled * (time / interval + 1);
    require(requests.length <= polls, () => `I6: ${requests.length} polls in ${time} ms at rest, of ${settled} upstreams every ${interval} ms`);
  });
}

async function end(model: Model, world: World): Promise<void> {
  const { server, orphaned } = world;
  if (world.conditions.ending === 'close' && !model.closed) {
    model.closed = true;
    world.close();
    world.close();
  } else {
    [...world.observers].forEach((observer) => observer.leave());
  }
  await world.pass(model.closed ? 2 * timings.timeout + 1 : world.conditions.sharing.linger + timings.timeout + 1);
  // RxJS reports an error of an observer to the host in a timer.
  await world.told();
  holdAlways(model, world);
  examine(world, (require) => {
    for (const { id, operationId } of server.opened) {
      const ways = [server.deletions.get(id), server.deletions.get(operationId)];
      const isOver = ways.includes('answered') || ways.includes('refused') || orphaned.has(id) || orphaned.has(operationId);
      require(isOver, () => `I1: ${id} was opened, and its DELETE is ${ways.join(' and ')}`);
    }
    for (const { id, operationId } of server.open.values()) {
      const isTold = [id, operationId].some((one) => orphaned.has(one) || server.deletions.get(one) === 'refused');
      require(isTold, () => `I1: ${id} is still open`);
    }
    require(world.timers === 0, () => `I4: ${world.timers} timers are left`);
    require(world.listeners === 0, () => `I4: ${world.listeners} listeners are left`);
    const health = world.health();
    require(health.upstreams === 0 && health.observers === 0, () => `I4: left with ${inspect(health)}`);
    require(world.thrown.told === world.thrown.count, () => `F84: of ${world.thrown.count} errors that observers threw, ${world.thrown.told} were reported to the host`);
    require(pristine === surroundings(), () => `I23: the surroundings have changed: ${surroundings()}`);
  });
}

const surroundings = (): string => [Object.prototype, Array.prototype, globalThis].map((one) => Reflect.ownKeys(one).map(String).join()).join('\n');
// Node adds a symbol to the global object when `fetch` is first used, and a new client loads `fetch`.
Reflect.get(globalThis, 'Response');
const pristine = surroundings();
