/**
 * Judges HTTP and the credentials by two requests that change nothing: a peek at no statistics, and a read of a subscription that
 * does not exist.
 */
import type { TransportResponse } from '../../index.js';
import { cookiesOf, type Exchange } from '../recording/exchange.js';
import { shortAge } from '../terminal/texts.js';
import { failed, ok, skipped, warning, type Finding } from './finding.js';
import { lostCookies } from './cookie.js';
import { tokenEnd } from './token.js';

export interface Probed {
  readonly url: URL;
  readonly hasKey: boolean;
  readonly token: string | undefined;
  readonly isProxied: boolean;
  /** The two requests and their answers. The second is missing if the first was enough. */
  readonly exchanges: readonly Exchange[];
  /** The client's error, if the first request got no answer. */
  readonly error: Error | undefined;
  /** The URL of the API on the same server, if it answers there and not at the path of the given URL. */
  readonly elsewhere: string | undefined;
}

/** Milliseconds by which clocks may differ without harm. */
const tolerable = 30_000;
const basePath = /\/statistics\/v3$/;

/** HTTP, key, token, cookie, clock skew and redirect, in this order. */
export function judgeProbes(probed: Probed): Finding[] {
  const responses = probed.exchanges.flatMap(({ response }) => response ?? []);
  const [first] = responses;
  if (first === undefined) {
    return [noAnswer(probed)];
  }
  const http = judgeHttp(probed, first);
  if (http.status === 'failed') {
    return [http];
  }
  const redirect = judgeRedirect(probed, first);
  if (redirect.status === 'failed') {
    const unknown = (step: 'key' | 'token' | 'cookie'): Finding => skipped(step, 'the server redirects instead of answering');
    return [http, unknown('key'), unknown('token'), unknown('cookie'), judgeClock(probed, first), redirect];
  }
  return [http, judgeKey(probed, responses), judgeToken(probed, responses), judgeCookies(probed), judgeClock(probed, first), redirect];
}

function noAnswer({ error, isProxied }: Probed): Finding {
  const said = error?.message ?? 'nothing came';
  const advice = /certificate|_CERT_/i.test(said)
    ? 'Get the certificate of the authority as a PEM file, and let NODE_EXTRA_CA_CERTS name it. A proxy that inspects TLS has an authority of its own.'
    : /timed out/.test(said)
      ? 'The server takes the connection and does not answer: try a longer --timeout, or ask its administrator.'
      : /407|[Pp]roxy/.test(said)
        ? 'The proxy refuses: it may want a user and a password in its URL, or forbid this server.'
        : isProxied
          ? 'The proxy may forbid this server: ask the network administrator.'
          : 'The port speaks something else than HTTP, or a firewall cuts the connection: check the port and http: or https:.';
  return failed('HTTP', said, advice);
}

function judgeHttp({ url, elsewhere }: Probed, { status, body, headers }: TransportResponse): Finding {
  const hasPath = basePath.test(url.pathname.replace(/\/+$/, ''));
  const path = hasPath ? '' : ` The path of the URL is ${url.pathname}, and usually ends in /statistics/v3.`;
  const right = elsewhere === undefined ? path : ` The API answers at ${elsewhere}: use that URL.`;
  const isPage = /^\s*</.test(body) || (headers['content-type'] ?? '').includes('html');
  if (status === 407) {
    return failed('HTTP', 'a proxy answers 407: it wants credentials', 'Put the user and the password into the proxy\'s URL, or ask the network administrator.');
  }
  if (isPage && (status < 300 || status >= 400) && status !== 401 && status !== 403) {
    const [, title] = /<title[^>]*>([^<]{1,80})/i.exec(body) ?? [];
    return failed('HTTP', `the server answers ${status} with a page${title === undefined ? '' : `, "${title.trim()}",`} instead of JSON`, `A login page, a proxy or another program answers in place of the API.${right}`);
  }
  if (status === 404 || status === 405) {
    return failed('HTTP', `there is no Statistics API at ${url.pathname}: ${status}`, right === '' ? 'Check the path of the URL with the administrator: the server answers, but not the API.' : right.trim());
  }
  if (status >= 500) {
    return failed('HTTP', `the server answers ${status}${wordsOf(body)}`, 'It is up but not well, or what it depends on is down: ask its administrator, and try again later.');
  }
  if (status < 300 && !isJson(body)) {
    return failed('HTTP', `the server answers ${status} with no usable JSON`, `Something else than the API answers.${right}`);
  }
  if (status === 401 || status === 403) {
    return ok('HTTP', `the server answers ${status}: it asks who sends this, see key and token`);
  }
  if (status >= 300 && status < 400) {
    return ok('HTTP', `the server answers ${status}, see redirect`);
  }
  if (!isJson(body)) {
    return warning('HTTP', `the server answers ${status} with no usable JSON`, `The API answers with JSON: a gateway may stand in its place.${right}`);
  }
  return ok('HTTP', status === 400 ? 'the API answers: 400 to an empty request, as expected' : `the API answers${status < 300 ? '' : ` ${status}`}`);
}

function judgeRedirect({ url }: Probed, { status, headers }: TransportResponse): Finding {
  const location = headers['location'];
  if (status < 300 || status >= 400) {
    return ok('redirect', 'none');
  }
  if (location === undefined || !URL.canParse(location, url)) {
    return failed('redirect', `the server answers ${status}, a redirect to nowhere`, 'Ask the server\'s administrator.');
  }
  const target = new URL(location, url);
  // The query is left out, because it may hold a session.
  const [from, to] = [url.origin, target.origin];
  const isLogin = /login|signin|sso|auth|saml|oauth/i.test(target.hostname + target.pathname);
  const advice = isLogin
    ? 'The server wants a browser to log in: ask for the address of the API, and for a key and a token.'
    : from !== to
      ? `If ${to} is your server too, use it in the URL. The client follows no redirect, since the key would go along.`
      : 'Use that path in the URL. The client follows no redirect.';
  return failed('redirect', `the server answers ${status}, a redirect to ${to}${target.pathname}`, advice);
}

function judgeKey({ hasKey }: Probed, responses: readonly TransportResponse[]): Finding {
  const refused = responses.filter(({ status }) => status === 403);
  if (refused.length === responses.length) {
    const words = wordsOf(refused[0]?.body ?? '');
    return hasKey
      ? failed('key', `the server refuses the key: 403${words}`, 'Check that the key is for this environment and still valid, and that its account may use the Statistics API.')
      : failed('key', `the server answers 403 and no key was sent${words}`, 'Put the key into GENESYS_API_KEY, or into a file for --key-file.');
  }
  if (refused.length > 0) {
    return warning('key', 'the key is taken, but its account may not do everything: a peek or a read is answered 403', 'Ask the administrator what the account may do.');
  }
  if (responses.every(({ status }) => status === 401)) {
    return skipped('key', 'unknown as long as the token is refused');
  }
  return hasKey ? ok('key', 'sent, and not refused') : skipped('key', 'none is given, and the server wants none');
}

function judgeToken({ token }: Probed, responses: readonly TransportResponse[]): Finding {
  const refused = responses.find(({ status }) => status === 401);
  const end = token === undefined ? undefined : tokenEnd(token);
  if (refused !== undefined) {
    const words = wordsOf(refused.body);
    if (token === undefined) {
      return failed('token', `the server answers 401 and no token was sent${words}`, 'Put the token into GENESYS_TOKEN, or into a file for --token-file. Some gateways answer 401 to a missing key too.');
    }
    const ended = end !== undefined && end < Date.now() ? `; by its own words it ended ${shortAge(Date.now() - end)} ago` : '';
    return failed('token', `the server refuses the token: 401${words}${ended}`, 'Get a new token. With --token-file, the file is read again whenever the server refuses a token.');
  }
  if (responses.every(({ status }) => status === 403)) {
    return skipped('token', 'unknown as long as the key is refused');
  }
  if (token === undefined) {
    return skipped('token', 'none is given, and the server wants none');
  }
  return ok('token', `sent, and not refused${end === undefined ? '' : `; it ends in ${shortAge(end - Date.now())}`}`);
}

function judgeCookies({ url, exchanges }: Probed): Finding {
  const [first, second] = exchanges;
  const set = first?.response === undefined ? [] : cookiesOf(first.response);
  if (set.length === 0) {
    return ok('cookie', 'the server sets none');
  }
  if (second === undefined) {
    return skipped('cookie', 'there was no second request to send it with');
  }
  const names = set.map((cookie) => cookie.slice(0, Math.max(0, cookie.indexOf('=')))).join(', ');
  const lost = lostCookies(set, url, second.request.headers['cookie'] ?? '');
  return lost.length === 0
    ? ok('cookie', `${names}: set, and sent back`)
    : warning(
        'cookie',
        lost.map(({ name, reason }) => `${name} is lost: ${reason}`).join('; '),
        'Without its cookie a load balancer may lead polls to a server that does not know the subscription: ask for cookies that fit this URL.',
      );
}

function judgeClock({ exchanges }: Probed, { headers }: TransportResponse): Finding {
  const { at = 0, took = 0 } = exchanges.find(({ response }) => response !== undefined) ?? {};
  const date = Date.parse(headers['date'] ?? '');
  if (Number.isNaN(date)) {
    return skipped('clock skew', 'the server does not say what time it has');
  }
  // The header holds whole seconds, so add half a second.
  const skew = date + 500 - (at + took / 2);
  if (Math.abs(skew) <= Math.max(tolerable, took)) {
    return ok('clock skew', `the clocks differ by ${shortAge(Math.max(0, Math.abs(skew) - 500))}`);
  }
  return warning(
    'clock skew',
    `the server's clock is ${shortAge(Math.abs(skew))} ${skew > 0 ? 'ahead of' : 'behind'} this machine's`,
    'Set the clock that is wrong (NTP). Ages of values are wrong by that much, and tokens and certificates may count as expired.',
  );
}

function isJson(body: string): boolean {
  try {
    return typeof JSON.parse(body) === 'object';
  } catch {
    return body.trim() === '';
  }
}

/** The server's own message, shortened. */
function wordsOf(body: string): string {
  try {
    const { status, message, errors } = JSON.parse(body) as { status?: { message?: unknown }; message?: unknown; errors?: { status?: { message?: unknown } }[] };
    const said = status?.message ?? errors?.[0]?.status?.message ?? message;
    return typeof said === 'string' && said !== '' ? `, "${said.slice(0, 160)}"` : '';
  } catch {
    return '';
  }
}
