/**
 * The server of the bench, in a process of its own. It is cheap, because it joins prepared texts, and exact, because it can
 * hold all reads while a sample is taken. Owns the subscriptions, the ledger and the held reads; values.ts owns the values.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerBayeux } from './bayeux.ts';
import { keyOf, requestAll, type Requested } from './job.ts';
import { serve } from './remote.ts';
import { createValues, type Change, type Shape, type Source, type Tally, type Values } from './values.ts';

/** The server's behaviour from the next request on. */
export interface Setting {
  readonly statistics: number;
  readonly observers: number;
  readonly setSize?: number | undefined;
  readonly shape?: Shape | undefined;
  /** Statistics get ids of the server's own instead of those they were opened with. */
  readonly ownIds: boolean;
  readonly change: Change;
  /** Milliseconds for which the answer to an opening is held back. */
  readonly openLatency: number;
  /** The same for every answer. */
  readonly latency: number;
}

/** The answer to a read of a subscription that the server has forgotten. */
export type Forgetting = '404' | '200 without data' | '500';

/** Counts of what was answered. */
export interface Ledger {
  readonly opens: number;
  readonly reads: number;
  readonly peeks: number;
  readonly closes: number;
  /** Bytes of the bodies of reads and peeks. */
  readonly bytes: number;
  /** Subscriptions that are open now. */
  readonly open: number;
  /** Requests that came after the client said that it had ended. */
  readonly late: number;
  /** Reads and peeks that the client gave up before the answer. */
  readonly cancelled: number;
  readonly expected: Tally;
}

export interface ServerMethods {
  /** The API's base. */
  url(): Promise<string>;
  /** Forgets everything. From then on, answers the first read of each source and holds every later one. */
  reset(setting: Setting): void;
  /** Answers the held reads, and holds each source's reads after `reads` of them; resolves when every source has one held. */
  holdAfter(reads: number): Promise<void>;
  /** Answers the held reads, and holds no more. */
  release(): void;
  /** Forgets all subscriptions once the next read is answered; resolves then, with epoch milliseconds. */
  forget(how: Forgetting): Promise<number>;
  /** The client has said that it has ended. */
  clientEnded(): void;
  ledger(): Ledger;
}

const base = '/statistics/v3';

const none = { opens: 0, reads: 0, peeks: 0, closes: 0, bytes: 0, late: 0, cancelled: 0 };

let setting: Setting = { statistics: 0, observers: 0, ownIds: false, change: { by: 'reads', share: 0 }, openLatency: 0, latency: 0 };
let values: Values = createValues({ definitions: [], observers: 0, change: setting.change });
let numbers = new Map<string, number>();
let subscriptions = new Map<string, Source>();
let forgotten = new Map<string, Forgetting>();
let peeked = new Map<number, Source>();
let counts = { ...none };
let clientHasEnded = false;
let limit = Number.POSITIVE_INFINITY;
let held: (() => void)[] = [];
let allHeld: (() => void) | undefined;
let toForget: ((at: number) => void) | undefined;
let forgetBy: Forgetting = '404';
let connects: ServerResponse[] = [];

/** The bytes of the last answer, which is sent again while nothing changes. */
let lastText = '';
let lastBytes = Buffer.alloc(0);

function bytesOf(text: string): Buffer {
  if (text !== lastText) {
    lastText = text;
    lastBytes = Buffer.from(text, 'latin1');
  }
  return lastBytes;
}

function send(response: ServerResponse, status: number, text: string): number {
  const body = bytesOf(text);
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'content-length': body.length });
  response.end(body);
  return body.length;
}

const envelope = (data: string): string => `{"status":{"code":0},"data":${data}}`;

const subscriptionData = (id: string, statistics: string): string => envelope(`{"subscriptionId":${JSON.stringify(id)},"statistics":[${statistics}]}`);

// -- requests --------------------------------------------------------------------------------------------------------

interface Opening {
  readonly operationId: string;
  readonly data: { readonly statistics: readonly (Requested & { readonly statisticId: string })[] };
}

function open(body: string, response: ServerResponse): void {
  const { operationId, data } = JSON.parse(body) as Opening;
  const members = data.statistics.map((definition) => {
    const statistic = numberOf(keyOf(definition));
    return { statistic, statisticId: setting.ownIds ? ownId(statistic) : definition.statisticId };
  });
  const source = values.subscription(members);
  subscriptions.set(operationId, source);
  const text = subscriptionData(operationId, source.next());
  after(setting.openLatency, () => send(response, 200, text));
}

/** Makes up an id of sixteen hexadecimal digits, like one known server. */
function ownId(statistic: number): string {
  return (0xfc7c_1687_0000_0000n + BigInt(statistic)).toString(16);
}

function numberOf(key: string): number {
  const number = numbers.get(key);
  if (number === undefined) {
    throw new Error(`${key} is no statistic of this run`);
  }
  return number;
}

function read(id: string, response: ServerResponse): void {
  const source = subscriptions.get(id);
  if (source !== undefined) {
    answerInTurn(source, response, (statistics) => {
      counts.reads++;
      return subscriptionData(id, statistics);
    });
    return;
  }
  counts.reads++;
  const how = forgotten.get(id) ?? '404';
  const status = { '404': 404, '200 without data': 200, '500': 500 }[how];
  send(response, status, status === 200 ? '{"status":{"code":0}}' : `{"status":{"code":${status},"message":"forgotten"}}`);
}

function peek(url: URL, response: ServerResponse): void {
  const name = decodeURIComponent(url.pathname.slice(`${base}/statistic-values/`.length));
  const number = numberOf(keyOf({ name, objectId: url.searchParams.get('objectId') ?? '', objectType: url.searchParams.get('objectType') ?? '' }));
  let source = peeked.get(number);
  if (source === undefined) {
    source = values.peeked(number);
    peeked.set(number, source);
  }
  answerInTurn(source, response, (statistic) => {
    counts.peeks++;
    return envelope(`{"statistic":${statistic}}`);
  });
}

/** Answers at once, or holds the answer if this source has reached its limit of reads. */
function answerInTurn(source: Source, response: ServerResponse, dress: (statistics: string) => string): void {
  const answer = (): void => {
    if (response.destroyed) {
      counts.cancelled++;
      return;
    }
    counts.bytes += send(response, 200, dress(source.next()));
    if (toForget !== undefined && subscriptions.size > 0) {
      response.once('finish', forgetNow);
    }
  };
  if (source.reads < limit) {
    answer();
    return;
  }
  held.push(answer);
  tellWhenAllAreHeld();
}

function answerHeld(): void {
  const answers = held;
  held = [];
  answers.forEach((answer) => answer());
}

function tellWhenAllAreHeld(): void {
  if (held.length > 0 && held.length >= subscriptions.size + peeked.size) {
    allHeld?.();
    allHeld = undefined;
  }
}

function forgetNow(): void {
  for (const id of subscriptions.keys()) {
    forgotten.set(id, forgetBy);
  }
  subscriptions.clear();
  values.renew();
  toForget?.(Date.now());
  toForget = undefined;
}

function after(delay: number, action: () => void): void {
  if (delay > 0) {
    setTimeout(action, delay);
  } else {
    action();
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) {
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString();
}

async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://server');
  const path = url.pathname.slice(base.length);
  const id = decodeURIComponent(path.split('/')[2] ?? '');
  const body = request.method === 'POST' ? await textOf(request) : '';
  if (path.startsWith('/notifications')) {
    const answer = answerBayeux(body);
    if (body.includes('/meta/disconnect')) {
      connects.forEach((connect) => connect.end('[]'));
      connects = [];
    }
    if (answer === undefined) {
      connects.push(response);
    } else {
      send(response, 200, answer);
    }
    return;
  }
  counts.late += clientHasEnded ? 1 : 0;
  if (path === '/operations/get-statistic-ex') {
    counts.peeks++;
    const { data } = JSON.parse(body) as Opening;
    send(response, 200, envelope(`{"statistics":[${values.glance(data.statistics.map((definition) => numberOf(keyOf(definition))))}]}`));
  } else if (request.method === 'POST') {
    counts.opens++;
    open(body, response);
  } else if (request.method === 'DELETE') {
    counts.closes++;
    subscriptions.delete(id);
    send(response, 200, '{"status":{"code":0}}');
    tellWhenAllAreHeld();
  } else if (path.startsWith('/statistic-values/')) {
    peek(url, response);
  } else {
    read(id, response);
  }
}

// -- the process -----------------------------------------------------------------------------------------------------

const server = createServer((request, response) => {
  after(setting.latency, () => {
    handle(request, response).catch((error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      send(response, 500, '{"status":{"code":500}}');
    });
  });
});
server.keepAliveTimeout = 120_000;

const listening = new Promise<string>((resolve) => {
  server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}${base}`));
});

serve({
  url: () => listening,
  reset(given) {
    setting = given;
    const definitions = requestAll(given.statistics);
    numbers = new Map(definitions.map((definition, number) => [keyOf(definition), number]));
    values = createValues({ definitions, ...given });
    subscriptions = new Map();
    forgotten = new Map();
    peeked = new Map();
    counts = { ...none };
    clientHasEnded = false;
    limit = 0;
    held = [];
    allHeld = undefined;
    toForget = undefined;
  },
  holdAfter(reads) {
    limit = reads;
    const all = new Promise<void>((resolve) => (allHeld = resolve));
    answerHeld();
    return all;
  },
  release() {
    limit = Number.POSITIVE_INFINITY;
    answerHeld();
  },
  forget(how) {
    forgetBy = how;
    return new Promise((resolve) => {
      toForget = resolve;
    });
  },
  clientEnded() {
    clientHasEnded = true;
  },
  ledger: () => ({ ...counts, open: subscriptions.size, expected: values.expected }),
} satisfies ServerMethods);
