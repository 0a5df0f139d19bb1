/**
 * The typings as programs compile against them: the packed package, in the set-ups that people have, with `skipLibCheck: false`, so
 * that nothing in a `.d.ts` may need what a platform, or an older compiler, lacks.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installPackage, root } from '../support/installed.js';

let home = '';

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'typed-'));
  installPackage(home);
}, 0);

afterAll(() => rmSync(home, { recursive: true, force: true }));

/** The compiler's report on some programs, by their names. */
async function compile(compiler: string, compilerOptions: object, programs: Readonly<Record<string, string>>): Promise<string> {
  const folder = mkdtempSync(join(home, 'program-'));
  const options = { strict: true, exactOptionalPropertyTypes: true, skipLibCheck: false, noEmit: true, target: 'ES2022', module: 'ESNext', moduleResolution: 'Bundler', types: [], typeRoots: [join(root, 'node_modules/@types')], ...compilerOptions };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, files: Object.keys(programs).map((name) => `${name}.ts`) }));
  Object.entries(programs).forEach(([name, text]) => writeFileSync(join(folder, `${name}.ts`), text));
  const child = spawn(process.execPath, [join(root, 'node_modules', compiler, 'bin/tsc'), '-p', folder], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
  let report = '';
  child.stdout.on('data', (chunk: Buffer) => (report += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return code === 0 ? report : `${report}(exit code ${code ?? 'none'})`;
}

/** What runs anywhere. */
const portable = `
  import { createStatisticsClient, fetchTransport, numberOf, numeric, StatisticsApiError, type Health, type StatisticsClient, type StatisticsEvent, type StatisticState, type StatisticValue, type Transport } from 'genesys-statistics-rx';
  import { abandonRate, combineStatistics, kpi, serviceLevel } from 'genesys-statistics-rx/kpi';
  const transport: Transport = async (request, signal) => ({ status: signal.aborted ? 0 : 200, headers: {}, body: request.url, setCookies: undefined });
  const client: StatisticsClient = createStatisticsClient({ baseUrl: new URL('https://host/statistics/v3'), token: async () => 'a', transport, poll: { interval: undefined } });
  const fetched: Transport = fetchTransport((url, init) => fetch(url, init), { credentials: 'omit' });
  const queue = { objectId: 'Sales@SIP', objectType: 'Queue' };
  client.statistic$('a', queue).pipe(numeric()).subscribe((value: number | null) => numberOf(value));
  client.subscription$([{ name: 'a', ...queue }, { name: 'b', ...queue }]).subscribe(([a, b]: readonly [StatisticValue, StatisticValue]) => [a, b, fetched]);
  client.subscription$({ answeredWithin: { name: 'a', ...queue }, answered: { name: 'b', ...queue }, abandoned: { name: 'c', ...queue } }).pipe(kpi(serviceLevel)).subscribe((percent: number | null) => percent);
  client.subscription$({ answered: { name: 'Total_Answered', ...queue }, abandoned: { name: 'Total_Abandoned', ...queue } }).pipe(kpi(abandonRate)).subscribe((percent: number | null) => percent);
  combineStatistics({ a: client.statistic$('a', queue) }).subscribe();
  client.statisticState$('a', queue).subscribe((state: StatisticState) => state.status === 'live' && state.value);
  client.health$.subscribe((health: Health) => health.lastError instanceof StatisticsApiError && health.lastError.httpStatus);
  client.events$.subscribe((event: StatisticsEvent) => event.type === 'platformFailed' && event.error.message);
  client.api.readSubscription('a', { verbose: 'OFF' }, { signal: new AbortController().signal }).then(({ statistics }) => statistics.length);
  const ended: PromiseLike<void> = client[Symbol.asyncDispose]();
  // @ts-expect-error a value may be null
  client.statistic$('a', queue).pipe(numeric()).subscribe((value: number) => value);
  export { ended };
`;

/** Streams where there is no Node, and nothing of the package but their entry. */
const streams = `
  import { toAsyncIterable, toWebStream, type BackPressure, type ConsumerOptions } from 'genesys-statistics-rx/web';
  import { of } from 'rxjs';
  const records$ = of({ queue: 'a', waiting: 1 });
  const iterator = toAsyncIterable(records$, { backPressure: { latestBy: ({ queue }) => queue }, onDrop: (count) => count.toFixed() })[Symbol.asyncIterator]();
  iterator.return(1).then(({ value }: { value: number }) => iterator.throw(value));
  const disposed: PromiseLike<void> = iterator[Symbol.asyncDispose]();
  const stream: ReadableStream<{ readonly waiting: number }> = toWebStream(records$, { backPressure: { buffer: 1 } });
  const anyRule: BackPressure = { latestBy: (item: unknown) => String(item) };
  const options: ConsumerOptions = { backPressure: anyRule, signal: new AbortController().signal };
  toWebStream(records$, options);
  // @ts-expect-error an object is no key
  toWebStream(records$, { backPressure: { latestBy: (item) => item } });
  // @ts-expect-error one rule at a time
  toWebStream(records$, { backPressure: { latestBy: () => 1, buffer: 1 } });
  export { disposed, stream };
`;

/** Everything there is. */
const everything = `${portable}
  import { exportMetrics, publishDiagnostics, toAsyncIterable, toBatches, toNdjson, toReadable, toServerSentEvents, toWebStream, type MetricsRegister } from 'genesys-statistics-rx/node';
  import { createSimulator } from 'genesys-statistics-rx/simulator';
  await using simulator = await createSimulator();
  for await (const value of toAsyncIterable(client.statistic$('a', queue))) { simulator.ledger.opened.includes(value.objectId); }
  toReadable(client.subscription$([{ name: 'a', ...queue }, { name: 'b', ...queue }]));
  toReadable(client.statistic$('a', queue)).pipe(toNdjson()).pipe(process.stdout);
  toReadable(client.statistic$('a', queue)).pipe(toBatches({ size: 10, within: 1000 }));
  toReadable(client.statistic$('a', queue)).pipe(toServerSentEvents({ id: ({ timestamp }) => timestamp }));
  declare const register: MetricsRegister;
  exportMetrics(client, { a: { name: 'a', ...queue } }, { register })();
  publishDiagnostics(client)();
  toWebStream(client.statistic$('a', queue)).pipeTo(new WritableStream({ write: ({ objectId }) => { objectId.length; } }));
`;

/** Requests that are typed by interfaces of the program's own. */
const interfaces = `
  import { createStatisticsClient, type StatisticObject, type StatisticRequest, type StatisticSet, type Snapshot, type StatisticValue } from 'genesys-statistics-rx';
  interface Inline { category: string; subject: string; mainMask: string | undefined; notificationFrequency?: number | undefined }
  interface Queue { readonly objectId: string; readonly objectType: string; readonly label: string }
  interface Board { readonly answered: StatisticRequest; readonly state: { definition: Inline; objectId: string; objectType: string } }
  declare const inline: Inline; declare const queue: Queue; declare const board: Board; declare const byName: Record<string, StatisticRequest>; declare const list: StatisticRequest[];
  const client = createStatisticsClient({ baseUrl: 'https://host' });
  client.statistic$(inline, queue);
  client.statistic$({ ...inline, dynamicTimeProfile: '0:00' }, queue);
  const requests: StatisticRequest[] = [{ definition: inline, ...queue }, { name: inline, ...queue }];
  client.subscription$(requests).subscribe((values: readonly StatisticValue[]) => values);
  client.subscription$(board, { distinct: (a, b) => a.answered.value === b.answered.value }).subscribe(({ answered, state }: { answered: StatisticValue; state: StatisticValue }) => [answered, state]);
  client.subscription$(byName).subscribe((values: Readonly<Record<string, StatisticValue>>) => values);
  client.peekAll$([{ name: 'a', ...queue }]).subscribe(([a]: readonly [StatisticValue]) => a);
  const passOn = <const S extends StatisticSet<S>>(set: S, use: (snapshot: Snapshot<S>) => void) => client.subscription$(set).subscribe(use);
  const passOnAny = <S extends StatisticSet>(set: S) => client.subscription$(set);
  passOn(board, ({ answered }) => answered.value); passOnAny(list);
  const object: StatisticObject = queue;
  // @ts-expect-error no subject
  client.statistic$({ category: 'a' }, object);
  // @ts-expect-error a member without an object
  client.subscription$({ a: { name: 'a' } });
  // @ts-expect-error no set at all
  client.subscription$('a');
  // @ts-expect-error one request is no set
  client.subscription$({ name: 'a', ...queue });
`;

const node = { types: ['node'] };
const web = { lib: ['ES2022', 'DOM'] };

const nodeOnly = { ...node, target: 'ES2023', lib: ['ES2023'], module: 'NodeNext', moduleResolution: 'NodeNext' };
const withDisposal = { ...node, lib: ['ES2023', 'DOM', 'ESNext.Disposable'] };
const asAngular = { ...web, module: 'preserve', useDefineForClassFields: false, experimentalDecorators: true, isolatedModules: true, noPropertyAccessFromIndexSignature: true, noUncheckedIndexedAccess: true };

/** Each is one run of a compiler, which takes seconds: they run beside each other. */
const setups: [name: string, compiler: string, options: object, programs: Record<string, string>][] = [
  ['Node, ES2023', 'typescript', nodeOnly, { portable, streams }],
  ['the web, ES2022 and DOM, TypeScript 5.4', 'typescript-5.4', web, { portable, streams, interfaces }],
  ['the web, ES2022 and DOM, TypeScript 5.9', 'typescript-5.9', web, { portable }],
  ['the web, as Angular sets it up', 'typescript', asAngular, { portable, interfaces }],
  ['a web worker', 'typescript', { lib: ['ES2022', 'WebWorker'] }, { portable, streams }],
  ['all entries, NodeNext', 'typescript', { ...withDisposal, target: 'ES2023', module: 'NodeNext', moduleResolution: 'NodeNext' }, { everything }],
  ['all entries, a bundler', 'typescript', withDisposal, { everything }],
  ['all entries, a bundler, TypeScript 5.9', 'typescript-5.9', withDisposal, { everything }],
];

describe.concurrent('the typings, without skipLibCheck', () => {
  it.each(setups)('%s: every program compiles', async (_, compiler, options, programs) => {
    expect(await compile(compiler, options, programs)).toBe('');
  }, 0);

  it('reports a program that does not compile', async () => {
    const broken = `import 'genesys-statistics-rx/node'; import { nothing } from 'genesys-statistics-rx';`;
    expect(await compile('typescript-5.9', web, { broken })).toMatch(/nothing/);
  }, 0);
});

/** The declarations that an entry leads to: files of the package, by their text. */
function declarationsOf(entry: string): Map<string, string> {
  const found = new Map<string, string>();
  const visit = (file: string): void => {
    if (!found.has(file)) {
      const text = readFileSync(file, 'utf8');
      found.set(file, text);
      for (const [, target = ''] of text.matchAll(/(?:from|import\()\s*['"](\.[^'"]+)\.js['"]/g)) {
        visit(join(dirname(file), `${target}.d.ts`));
      }
    }
  };
  visit(join(home, 'node_modules/genesys-statistics-rx/dist', entry));
  return found;
}

describe('the declarations of an entry', () => {
  it.each(['index.d.ts', 'kpi/index.d.ts', 'web/index.d.ts'])('%s: none needs a type that only a page, or only Node, has', (entry) => {
    const needing = [...declarationsOf(entry)].filter(([, text]) => /\b(Document|Window|HTML\w*|NodeJS|Buffer)\b/.test(text.replace(/\/\*[^]*?\*\/|\/\/.*/g, '')));
    expect(needing.map(([file]) => file)).toEqual([]);
  });

  it('index.d.ts: none declares the seam that only tests use', () => {
    const declaring = [...declarationsOf('index.d.ts')].filter(([, text]) => /\bcreateClientOn\b/.test(text));
    expect(declaring.map(([file]) => file)).toEqual([]);
  });
});
