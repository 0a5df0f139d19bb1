/** The whole examination, step by step. Decides which failure makes which steps pointless. The steps are in other files. */
import { randomUUID } from 'node:crypto';
import { createStatisticsClient, StatisticsOptionError, type StatisticsApi, type StatisticsClient, type StatisticsClientOptions, type Transport } from '../../index.js';
import type { Subject } from '../live/figure.js';
import { observed, type Exchange } from '../recording/exchange.js';
import { failed, ok, skipped, steps, warning, type Finding } from './finding.js';
import { judgeProbes } from './http.js';
import { checkName, checkTcp, checkTls } from './network.js';
import { proxyFor } from './proxy.js';
import { examineSubscription } from './subscription.js';

export interface Examination {
  readonly options: StatisticsClientOptions & { readonly baseUrl: string };
  /** The token, to read its expiry. */
  readonly token: string | undefined;
  readonly targets: readonly Subject[];
  /** Milliseconds for each request. */
  readonly timeout: number;
  readonly transport: Transport;
  readonly env: NodeJS.ProcessEnv;
  readonly onExchange: (exchange: Exchange) => void;
}

/** Yields the finding of every step once, in order. Skips steps that an earlier failure makes pointless. */
export async function* examine(examination: Examination): AsyncGenerator<Finding> {
  const done = new Set<string>();
  let last: Finding | undefined;
  for await (const finding of taken(examination)) {
    done.add(finding.step);
    last = finding.status === 'failed' ? finding : last;
    yield finding;
  }
  for (const step of steps.filter((each) => !done.has(each))) {
    yield skipped(step, last === undefined ? nothingToOpen : `${pointlessAsLongAs}${last.step} fails`);
  }
}

const pointlessAsLongAs = 'pointless as long as ';

/** Whether a step was skipped because of another one, or because no statistic was named. */
export function isPointless({ verdict }: Finding): boolean {
  return verdict.startsWith(pointlessAsLongAs) || verdict === nothingToOpen;
}

const nothingToOpen = 'no statistic was named, as in: doctor Current_In_Queue Queue/Sales@SIP';

async function* taken(examination: Examination): AsyncGenerator<Finding> {
  const { options, targets, timeout, env } = examination;
  const exchanges: Exchange[] = [];
  let client: StatisticsClient;
  try {
    client = clientOf(examination, options.baseUrl, exchanges);
  } catch (error) {
    if (!(error instanceof StatisticsOptionError)) {
      throw error;
    }
    yield failed('URL', error.message.replace('with allowInsecure: true', 'with --allow-insecure'), 'The URL is that of the API, path included: https://host/statistics/v3');
    return;
  }
  try {
    const url = new URL(options.baseUrl);
    yield judgeUrl(url, options.allowInsecure === true);
    const proxy = proxyFor(url, env);
    for (const check of [checkName, checkTcp, checkTls]) {
      const finding = await check({ url, proxy, timeout, env });
      yield finding;
      if (finding.status === 'failed') {
        return;
      }
    }
    const error = await probe(client.api);
    const isLost = exchanges.some(({ response }) => response !== undefined && (response.status === 404 || response.status === 405 || /^\s*</.test(response.body)));
    const findings = judgeProbes({
      url,
      hasKey: options.apiKey !== undefined,
      token: examination.token,
      isProxied: proxy?.isUsed === true,
      exchanges: exchanges.slice(0, 2),
      error,
      elsewhere: isLost ? await findApi(examination, url) : undefined,
    });
    yield* findings;
    if (findings.some(({ status }) => status === 'failed') || targets.length === 0) {
      return;
    }
    yield* examineSubscription({ api: client.api, exchanges, targets, hasKey: options.apiKey !== undefined });
  } finally {
    await client.close();
  }
}

function clientOf({ options, timeout, transport, onExchange }: Examination, baseUrl: string, exchanges: Exchange[]): StatisticsClient {
  const keep = (exchange: Exchange): void => {
    exchanges.push(exchange);
    onExchange(exchange);
  };
  return createStatisticsClient({ ...options, baseUrl, request: { timeout }, transport: observed(transport, keep) });
}

function judgeUrl(url: URL, allowInsecure: boolean): Finding {
  const shown = url.origin + url.pathname;
  if (!/\/statistics\/v3\/?$/.test(url.pathname)) {
    return warning('URL', `${shown} does not end in /statistics/v3`, 'The path of the API belongs to the URL, unless a gateway gives it another one.');
  }
  return url.protocol === 'http:' && allowInsecure ? warning('URL', `${shown} is http:`, 'Key and token travel in the clear, for everybody on the way to read.') : ok('URL', shown);
}

/** Sends two requests that change nothing and need no statistic. Returns the error of the first. */
async function probe(api: StatisticsApi): Promise<Error | undefined> {
  const first = await api.getStatistics([]).then(() => undefined, (error: unknown) => error as Error);
  await api.readSubscription(randomUUID()).catch(() => undefined);
  return first;
}

/** Looks for the API at its usual path on the same server. Returns its URL if it is there. */
async function findApi(examination: Examination, url: URL): Promise<string | undefined> {
  const elsewhere = `${url.origin}/statistics/v3`;
  if (url.pathname.replace(/\/+$/, '') === '/statistics/v3') {
    return undefined;
  }
  const exchanges: Exchange[] = [];
  const client = clientOf(examination, elsewhere, exchanges);
  try {
    await client.api.getStatistics([]).catch(() => undefined);
  } finally {
    await client.close();
  }
  const { status = 404, body = '' } = exchanges[0]?.response ?? {};
  return status === 404 || status === 405 || status >= 500 || !body.trimStart().startsWith('{') ? undefined : elsewhere;
}
