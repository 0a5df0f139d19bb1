/**
 * Removes secrets from text for a file: the key, the token and every cookie, in any form in which a server echoes them. Owns the
 * definition of a secret. Does not know what the text is for.
 */
import { cookiesOf, type Exchange } from './exchange.js';

export interface Secrets {
  /** Adds the secrets of an exchange: the credentials in the request, and the cookies in the answer. */
  addFrom(exchange: Exchange): void;
  /** The same text with `***` in place of every secret. */
  hide(text: string): string;
}

/** Shorter texts are not hidden, because they occur in other text too. */
const minLength = 6;
/** Headers that hold credentials. */
const secretHeaders = /^(authorization|proxy-authorization|x-api-key|cookie|.*(?:token|secret|password).*)$/i;

export function createSecrets(given: readonly (string | undefined)[] = []): Secrets {
  const secrets = new Set<string>();
  const add = (text: string | undefined): void => {
    for (const part of text === undefined ? [] : [text, ...text.split(/[ ,;]+/), ...text.split(/[;,]\s*/).map((pair) => pair.slice(pair.indexOf('=') + 1))]) {
      if (part.length >= minLength) {
        secrets.add(part);
      }
    }
  };
  given.forEach(add);

  return {
    addFrom({ request, response }) {
      for (const [name, value] of Object.entries(request.headers)) {
        if (secretHeaders.test(name)) {
          add(value);
        }
      }
      for (const cookie of response === undefined ? [] : cookiesOf(response)) {
        const [pair = ''] = cookie.split(';');
        add(pair.slice(pair.indexOf('=') + 1));
      }
    },
    hide(text) {
      // A server may echo a secret in the escaped forms of JSON, URLs and HTML.
      const forms = [...secrets].flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret), htmlOf(secret)]);
      const longestFirst = [...new Set(forms)].sort((a, b) => b.length - a.length);
      const clean = longestFirst.reduce((rest, form) => rest.replaceAll(new RegExp(escapeRegExp(form), 'gi'), '***'), text);
      return hiddenInJson(clean, longestFirst);
    },
  };
}

/** JSON may escape any character. A secret that appears only after parsing is removed from the parsed text. */
function hiddenInJson(text: string, forms: readonly string[]): string {
  if (!text.includes('\\u') && !text.includes('\\/')) {
    return text;
  }
  const shows = (parsed: string): boolean => forms.some((form) => parsed.toLowerCase().includes(form.toLowerCase()));
  try {
    const whole = JSON.stringify(JSON.parse(text));
    return shows(whole) ? forms.reduce((rest, form) => rest.replaceAll(new RegExp(escapeRegExp(form), 'gi'), '***'), whole) : text;
  } catch {
    return text;
  }
}

const escapeRegExp = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const htmlOf = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
