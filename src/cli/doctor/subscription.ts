/** The steps of a subscription's life: open, read, delete. Every opened subscription is deleted, whatever the outcome. */
import { randomUUID } from 'node:crypto';
import { numberOf, StatisticsApiError, type AnsweredStatistic, type OpenStatistic, type StatisticsApi, type SubscriptionData } from '../../index.js';
import { agentStatus } from '../../kpi/index.js';
import type { Subject } from '../live/figure.js';
import type { Exchange } from '../recording/exchange.js';
import { nameHint } from '../targets.js';
import { plural, shortAge } from '../terminal/texts.js';
import { failed, ok, skipped, warning, type Finding } from './finding.js';

export interface Patient {
  readonly api: StatisticsApi;
  /** The requests and answers so far, the latest last. */
  readonly exchanges: readonly Exchange[];
  readonly targets: readonly Subject[];
  readonly hasKey: boolean;
}

/** Timestamps below this number count as seconds. As milliseconds they would lie before 1973. */
const leastMilliseconds = 1e11;
/** Milliseconds. If a timestamp is older than this, its unit is in doubt. */
const dayLong = 86_400_000;
/** The most statistics to open one by one in the search for refused ones. */
const mostAlone = 20;

export async function* examineSubscription(patient: Patient): AsyncGenerator<Finding> {
  const { api, targets } = patient;
  const statistics = targets.map((target, index): OpenStatistic => ({ statisticId: `s${index + 1}`, ...target }));
  const operationId = randomUUID();
  let opened: SubscriptionData | undefined;
  let isDeleted = false;
  try {
    try {
      opened = await api.openSubscription(operationId, statistics);
    } catch (error) {
      yield await refusedOpening(patient, error);
      return;
    }
    const missing = missingIn(opened.statistics, statistics);
    yield openingFinding(opened, missing, statistics.length);
    yield valuesFinding(opened.statistics.filter((entry) => entry.value !== undefined), statistics.length - missing.length);
    yield timestampFinding(patient.exchanges);
    yield await pollFinding(patient, opened, statistics.length - missing.length);
    isDeleted = true;
    yield await deleteFinding(api, opened.subscriptionId);
  } finally {
    if (!isDeleted) {
      // An opening whose answer was lost may have succeeded.
      await api.closeSubscription(opened?.subscriptionId ?? operationId).catch(() => undefined);
    }
  }
}

const statusOf = (error: unknown): number | undefined => (error instanceof StatisticsApiError ? error.httpStatus : undefined);
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

async function refusedOpening(patient: Patient, error: unknown): Promise<Finding> {
  const [status, said] = [statusOf(error), messageOf(error)];
  if (status === undefined) {
    return failed('open', said, 'The server answers peeks but not an opening: try again, and with fewer statistics.');
  }
  if (status < 300) {
    const code = (error as StatisticsApiError).code;
    return failed('open', `the server answers ${status}, but its code ${String(code)} says that it failed: ${said}`, 'The gateway is well and what is behind it, the Stat Server, is not. Give the code and the message to the administrator.');
  }
  if (status === 401) {
    return failed('open', said, 'The token was refused in the meantime: get a new one.');
  }
  if (status === 403) {
    return failed('open', said, patient.hasKey ? 'The account may not open subscriptions. Peeks may still work: genesys-statistics peek, or peekFallback() in a program.' : 'Put the key into GENESYS_API_KEY, or into a file for --key-file.');
  }
  if (status === 404 || status === 405) {
    return failed('open', said, 'The base path is wrong: it usually ends in /statistics/v3.');
  }
  if (status === 413) {
    return failed('open', said, 'Fewer statistics at once; the client finds the limit by itself.');
  }
  if (status >= 500) {
    return failed('open', said, 'The server is not well, or what it depends on is down: ask its administrator.');
  }
  const blamed = await refusedAlone(patient);
  const names = blamed.length === 0 ? patient.targets : blamed;
  const hints = [...new Set(names.map(({ name }) => nameHint(name)))].join('');
  const together = blamed.length === 0 && names.length > 1 ? ' together' : '';
  return failed(
    'open',
    `${names.map(textOf).join(', ')} refused${together}: ${said}${hints}`,
    'Names are configuration, and objects too: ask the administrator which there are. Upper and lower case count.',
  );
}

/** The statistics that the server also refuses when they are opened alone. Other failures, such as a lost connection, do not count. */
async function refusedAlone({ api, targets }: Patient): Promise<Subject[]> {
  const blamed: Subject[] = [];
  for (const target of targets.length > 1 && targets.length <= mostAlone ? targets : []) {
    let id: string = randomUUID();
    try {
      ({ subscriptionId: id } = await api.openSubscription(id, [{ statisticId: 's1', ...target }]));
    } catch (error) {
      if (isRefusal(error)) {
        blamed.push(target);
        continue;
      }
    }
    // An opening whose answer was lost may have succeeded. A DELETE that fails is tried once more.
    await api.closeSubscription(id).catch(() => api.closeSubscription(id)).catch(() => undefined);
  }
  return blamed;
}

/** Whether the server refused the request itself, and not the credentials or the load. */
function isRefusal(error: unknown): boolean {
  const status = statusOf(error) ?? 0;
  return status >= 400 && status < 500 && ![401, 403, 429].includes(status);
}

const textOf = ({ name, objectId, objectType }: Subject): string => `${name} of ${objectType}/${objectId}`;

function missingIn(answered: readonly AnsweredStatistic[], asked: readonly OpenStatistic[]): OpenStatistic[] {
  const isIt = (entry: AnsweredStatistic, one: OpenStatistic): boolean =>
    entry.statisticId === one.statisticId || (entry.name === one.name && entry.objectId === one.objectId && entry.objectType === one.objectType);
  return asked.filter((one) => !answered.some((entry) => isIt(entry, one)));
}

function openingFinding({ statistics }: SubscriptionData, missing: readonly OpenStatistic[], asked: number): Finding {
  const names = missing.map(({ name = '', objectId, objectType }) => textOf({ name, objectId, objectType })).join(', ');
  if (missing.length === 0) {
    return ok('open', `${plural(asked, 'statistic')} opened`);
  }
  return statistics.length === 0
    ? warning('open', 'opened, but the answer holds no statistic yet', 'Some servers send values later: see the step poll. If they never come, the names or objects are unknown.')
    : warning('open', `opened, but the answer lacks ${names}`, `The server does not know it, or not for this object${[...new Set(missing.map(({ name = '' }) => nameHint(name)))].join('')}.`);
}

function valuesFinding(entries: readonly AnsweredStatistic[], asked: number): Finding {
  if (entries.length === 0) {
    return warning('values', 'none came with the opening', 'They may come with the first poll, or never: watch shows.');
  }
  const numbers = entries.filter(({ value }) => numberOf(value) !== null).length;
  const states = entries.filter(({ value }) => numberOf(value) === null && agentStatus(value).status !== null).length;
  const nulls = entries.filter(({ value }) => value === null).length;
  const others = entries.length - numbers - states - nulls;
  const counts = [...(numbers > 0 ? [plural(numbers, 'number')] : []), ...(states > 0 ? [plural(states, 'state')] : []), ...(nulls > 0 ? [`${nulls} null`] : []), ...(others > 0 ? [`${others} of an unknown shape`] : [])].join(', ');
  if (others > 0) {
    return warning('values', counts, 'No public source shows every shape: doctor --capture FILE writes this one, redacted, so that you can send it in.');
  }
  return nulls > 0 || entries.length < asked
    ? warning('values', counts, 'A statistic without a value may be new: Stat Server begins to count when it is first asked.')
    : ok('values', counts);
}

/** The original timestamps of the latest answer with statistics, before the client converts them to milliseconds. */
function timestampFinding(exchanges: readonly Exchange[]): Finding {
  const body = exchanges.findLast(({ request }) => request.method === 'POST')?.response?.body ?? '';
  const times = rawTimestamps(body);
  const numbers = times.filter((time): time is number => typeof time === 'number' && time > 0);
  const latest = numbers.length === 0 ? undefined : Math.max(...numbers);
  if (latest === undefined) {
    return times.length === 0
      ? skipped('timestamp unit', 'no value has come yet')
      : warning('timestamp unit', 'values have no usable time', 'The client shows when it received them; rates over time use that as well.');
  }
  const isSeconds = latest < leastMilliseconds;
  const age = Date.now() - (isSeconds ? latest * 1000 : latest);
  const off = Math.abs(age) > dayLong ? `, and ${shortAge(Math.abs(age))} ${age > 0 ? 'old' : 'in the future'}` : '';
  if (isSeconds) {
    return warning('timestamp unit', `seconds${off}`, 'The client makes them milliseconds. A program that reads answers by itself must do so too.');
  }
  return off === '' ? ok('timestamp unit', 'milliseconds') : warning('timestamp unit', `milliseconds${off}`, 'Check the clock and the time zone of the Stat Server, if the value should have changed since.');
}

function rawTimestamps(body: string): unknown[] {
  try {
    const { data } = JSON.parse(body) as { data?: { statistics?: { timestamp?: unknown }[] } };
    return (data?.statistics ?? []).map(({ timestamp }) => timestamp);
  } catch {
    return [];
  }
}

async function pollFinding({ api, exchanges }: Patient, { subscriptionId }: SubscriptionData, expected: number): Promise<Finding> {
  const cookieOf = (): string => exchanges.at(-1)?.request.headers['cookie'] ?? '';
  const before = cookieOf();
  try {
    const { statistics, subscriptionId: answeredId } = await api.readSubscription(subscriptionId);
    if (answeredId !== subscriptionId) {
      return warning('poll', 'the answer is of another subscription', 'A cache or a load balancer mixes answers up: ask the administrator.');
    }
    return statistics.length >= expected
      ? ok('poll', `${plural(statistics.length, 'statistic')} read`)
      : warning('poll', `${statistics.length} of ${expected} statistics read`, 'The rest may come later: watch shows.');
  } catch (error) {
    const status = statusOf(error);
    const isForgotten = status !== undefined && status < 500 && status !== 401 && status !== 429;
    const sessions = before === '' && cookieOf() === '' ? 'no cookie keeps requests on one server' : 'its cookie does not keep requests on one server';
    return failed(
      'poll',
      `the server does not give what it has just opened: ${messageOf(error)}`,
      isForgotten ? `A load balancer probably leads requests to different servers, since ${sessions}: see the step cookie, and ask for sticky sessions.` : 'Try again; if it stays so, ask the administrator.',
    );
  }
}

async function deleteFinding(api: StatisticsApi, id: string): Promise<Finding> {
  try {
    await api.closeSubscription(id);
  } catch (error) {
    return failed('delete', messageOf(error), 'The subscription stays open until the server ends it. A gateway may forbid DELETE: ask the administrator to allow it.');
  }
  let isThere = false;
  try {
    isThere = (await api.readSubscription(id)).statistics.length > 0;
  } catch (error) {
    // For a failed read, the reference lists no 404 but 500, so a 500 may mean an unknown subscription.
    if (!isRefusal(error) && ![403, 500].includes(statusOf(error) ?? 0)) {
      return warning('delete', `the server says that it deleted the subscription; reading it again failed: ${messageOf(error)}`, 'Whether it is gone is not known: try again.');
    }
  }
  return isThere
    ? warning('delete', 'the server says that it deleted the subscription, and still answers for it', 'Subscriptions may pile up on the server until they expire: tell its administrator.')
    : ok('delete', 'the subscription is gone');
}
