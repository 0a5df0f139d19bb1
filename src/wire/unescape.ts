/**
 * A text with every escape of JSON, URLs and HTML resolved, however they are nested, so that a text has one form whoever
 * wrote it. Pure, and linear in the text. Knows nothing of secrets.
 */

/** Lone backslashes are dropped, since they escape what follows or are escaped themselves. The last alternative is UTF-8, whose bytes URLs write one by one. */
const escapes = /\\u([\da-f]{4})|%([\da-f]{2})|&#x([\da-f]{1,6});|&#(\d{1,7});|&(amp|lt|gt|quot|apos);|\\+(?!u)|[\xc2\xc3][\x80-\xbf]/gi;
const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
/** No encoder nests escapes any deeper. Without a bound, a hostile server could keep us resolving one level after the other. */
const maxDepth = 8;

export function unescape(text: string): string {
  let plain = text;
  for (let depth = 0, last = ''; depth < maxDepth && plain !== last; depth++) {
    last = plain;
    plain = last.replace(escapes, resolve);
  }
  return plain;
}

function resolve(escape: string, json?: string, url?: string, hex?: string, decimal?: string, name?: string): string {
  if (name !== undefined) {
    return named[name.toLowerCase()] ?? '';
  }
  const digits = json ?? url ?? hex;
  if (digits !== undefined || decimal !== undefined) {
    return String.fromCharCode(digits === undefined ? Number(decimal) : parseInt(digits, 16));
  }
  return escape.startsWith('\\') ? '' : String.fromCharCode(((escape.charCodeAt(0) & 0x03) << 6) | (escape.charCodeAt(1) & 0x3f));
}
