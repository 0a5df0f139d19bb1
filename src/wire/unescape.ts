/**
 * Resolves every escape of JSON, URLs and HTML in a text, nested ones included, so that a secret has one form however it was
 * escaped. Pure, and linear in the length of the text. Knows nothing of secrets.
 */

/** Other backslashes are dropped: each escapes a character or is itself escaped. The last part is UTF-8, which URLs escape byte by byte. */
const escapes = /\\u([\da-f]{4})|%([\da-f]{2})|&#x([\da-f]{1,6});|&#(\d{1,7});|&(amp|lt|gt|quot|apos);|\\+(?!u)|[\xc2\xc3][\x80-\xbf]/gi;
const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
/** No encoder nests escapes deeper than this. Without a limit, a hostile server could make the client resolve level after level. */
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
