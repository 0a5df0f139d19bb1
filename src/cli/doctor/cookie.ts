/** Explains why a server does not get its cookies back. Pure. */

export interface LostCookie {
  readonly name: string;
  readonly reason: string;
}

/** The cookies of `setCookies` that the next request did not send. */
export function lostCookies(setCookies: readonly string[], url: URL, sent: string): LostCookie[] {
  const names = new Set(sent.split(';').map((cookie) => cookie.slice(0, cookie.indexOf('=')).trim()));
  return setCookies.flatMap((header) => {
    const [pair = '', ...parts] = header.split(';').map((part) => part.trim());
    const name = pair.slice(0, Math.max(0, pair.indexOf('=')));
    const attributes = new Map(parts.map((part) => [part.split('=')[0]?.toLowerCase() ?? '', part.slice(part.indexOf('=') + 1)]));
    return names.has(name) || isDeletion(attributes) ? [] : [{ name, reason: reasonFor(attributes, url) }];
  });
}

function reasonFor(attributes: ReadonlyMap<string, string>, url: URL): string {
  const domain = attributes.get('domain')?.replace(/^\./, '').toLowerCase();
  const path = attributes.get('path');
  if (domain !== undefined && url.hostname !== domain && !url.hostname.endsWith(`.${domain}`)) {
    return `it is for ${domain}, not for ${url.hostname}`;
  }
  if (attributes.has('secure') && url.protocol === 'http:') {
    return 'it is for https: only, and the URL is http:';
  }
  if (path !== undefined && !`${url.pathname}/`.startsWith(path.endsWith('/') ? path : `${path}/`)) {
    return `it is for the path ${path}, and the API is at ${url.pathname}`;
  }
  return 'it was not kept';
}

/** A server deletes a cookie by setting it with an expiry in the past. */
function isDeletion(attributes: ReadonlyMap<string, string>): boolean {
  return Number(attributes.get('max-age') ?? 1) <= 0 || Date.parse(attributes.get('expires') ?? '9999-01-01') < Date.now();
}
