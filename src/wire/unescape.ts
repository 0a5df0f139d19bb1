/**
 * A text with every escape of JSON, URLs and HTML resolved, however they are nested, so that a text has one form whoever
 * wrote it. Pure, and linear in the text. Knows nothing of secrets.
 */

/** A backslash alone goes as well: it escapes what follows, or is escaped itself. The last is UTF-8, of which URLs write each byte. */
const escapes = /\\u([\da-f]{4})|%([\da-f]{2})|&#x([\da-f]{1,6});|&#(\d{1,7});|&(amp|lt|gt|quot|apos);|\\+(?!u)|[\xc2\xc3][\x80-\xbf]/gi;
const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
/** No encoder nests escapes any deeper; a hostile server would have us resolve one level after the other for long. */
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
