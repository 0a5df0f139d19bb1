/**
 * Builds the wallboard and serves it: `npm run wallboard [-- --base-url URL] [--port N] [--configuration static|served|ssr]
 * [--no-build]`. Without a URL, it starts the simulator on another port. With a URL, it forwards requests to that server from this
 * origin, and adds the key and the token of the environment, which no page may hold.
 */
import { execFileSync } from 'node:child_process';
import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { createSimulator } from 'genesys-statistics-rx/simulator';
import { createBreaker, faults, type Fault } from './src/app/breaker.ts';

const here = fileURLToPath(new URL('.', import.meta.url));
const { values: given } = parseArgs({
  options: {
    'base-url': { type: 'string', default: process.env['GENESYS_STATISTICS_URL'] ?? '' },
    port: { type: 'string', default: '4200' },
    configuration: { type: 'string', default: 'served' },
    output: { type: 'string', default: fileURLToPath(new URL('../../dist-wallboard', import.meta.url)) },
    'build-only': { type: 'boolean', default: false },
    'no-build': { type: 'boolean', default: false },
  },
});
const folder = join(given.output, given.configuration);
if (!given['no-build']) {
  const ng = fileURLToPath(new URL('../../node_modules/@angular/cli/bin/ng.js', import.meta.url));
  execFileSync(process.execPath, [ng, 'build', '--configuration', given.configuration, '--output-path', folder, '--no-progress'], { cwd: here, stdio: 'inherit', env: { ...process.env, NG_CLI_ANALYTICS: 'false' } });
}

const types: Record<string, string> = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css' };
const files = join(folder, 'browser');
const needsServer = given.configuration !== 'static';
const ownServer = given['base-url'];
const simulator = needsServer && ownServer === '' ? await createSimulator({ token: 'token-0' }) : undefined;
const breaker = simulator && createBreaker(simulator, 'token-0');
process.env['GENESYS_STATISTICS_URL'] = simulator?.url ?? ownServer;

/** Writes the URL of the statistics into the page. */
const withUrl = (html: string): string => html.replace('name="statistics-url" content=""', `name="statistics-url" content="${simulator?.url ?? '/statistics/v3'}"`);

async function passOn(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) {
    chunks.push(chunk as Buffer);
  }
  const { GENESYS_API_KEY: key, GENESYS_TOKEN: token } = process.env;
  const upstream = `${ownServer.replace(/\/$/, '')}${(request.url ?? '').slice('/statistics/v3'.length)}`;
  const answer = await fetch(upstream, {
    method: request.method ?? 'GET',
    headers: { 'content-type': 'application/json', ...(key === undefined ? {} : { 'x-api-key': key }), ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
    redirect: 'manual',
    ...(chunks.length > 0 ? { body: Buffer.concat(chunks) } : {}),
  });
  const retryAfter = answer.headers.get('retry-after');
  response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'application/json', ...(retryAfter === null ? {} : { 'retry-after': retryAfter }) });
  response.end(Buffer.from(await answer.arrayBuffer()));
}

function lab(request: IncomingMessage, response: ServerResponse): void {
  const what = (request.url ?? '').slice('/lab/'.length);
  if (breaker && what === 'token') {
    response.end(breaker.token());
  } else if (breaker && request.method === 'POST' && faults.includes(what as Fault)) {
    void breaker.breakServer(what as Fault);
    response.end();
  } else {
    response.writeHead(404).end();
  }
}

type Handler = (request: IncomingMessage, response: ServerResponse, next: () => void) => void;
const pages = given.configuration === 'ssr' ? ((await import(pathToFileURL(join(folder, 'server/server.mjs')).href)) as { reqHandler: Handler }).reqHandler : undefined;

/** Sends the rendered page as a whole, so that the URL can be written into it. */
function render(request: IncomingMessage, response: ServerResponse, handler: Handler): void {
  const parts: Buffer[] = [];
  if (breaker) {
    // The laboratory may have expired the simulator's token.
    process.env['GENESYS_TOKEN'] = breaker.token();
  }
  response.write = (chunk: Uint8Array | string): boolean => {
    parts.push(Buffer.from(chunk as string));
    return true;
  };
  const end = response.end.bind(response);
  response.end = (): ServerResponse => end(withUrl(Buffer.concat(parts).toString()));
  handler(request, response, () => response.end());
}

const server = createServer((request, response) => {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  const file = join(files, normalize(pathname));
  if (pathname.startsWith('/lab/')) {
    lab(request, response);
  } else if (pathname.startsWith('/statistics/v3/') && ownServer !== '') {
    passOn(request, response).catch(() => response.writeHead(502).end());
  } else if (pathname !== '/' && existsSync(file) && statSync(file).isFile()) {
    response.setHeader('content-type', types[extname(file)] ?? 'application/octet-stream');
    createReadStream(file).pipe(response);
  } else if (pages) {
    render(request, response, pages);
  } else {
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(withUrl(readFileSync(join(files, 'index.html'), 'utf8')));
  }
});
if (given['build-only']) {
  await simulator?.close();
} else {
  server.listen(Number(given.port), '127.0.0.1', () => {
    const address = server.address();
    console.log(`The wall is at http://127.0.0.1:${typeof address === 'object' ? (address?.port ?? 0) : 0}/`);
  });
}
