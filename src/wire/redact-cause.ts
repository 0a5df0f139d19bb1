/**
 * Keeps secrets out of errors that come from outside (G11). Owns how deeply an error is looked into, and the copy that
 * replaces one that shows a secret, or may. Knows no secret itself.
 */
import { isErrorLike, plain } from '../model/errors.js';

const maxDepth = 6;
const maxNodes = 1000;

/**
 * The error itself where no secret shows in it, else a copy that holds none.
 *
 * @param redact - takes every secret out of a text.
 */
export function redactCause(cause: unknown, redact: (text: string) => string): unknown {
  const clean = (text: string): string => redact(plain(text));
  return isClean(cause, clean, new Set(), 0) ? cause : copy(cause, clean, 0);
}

/**
 * Whether nothing in an error has to be cleaned, wherever a console would look: hidden properties and symbols too. An
 * object that may show more than its properties tell (a Map, a Request, one of a class) is not looked into, and so not clean.
 */
function isClean(node: unknown, clean: (text: string) => string, seen: Set<unknown>, depth: number): boolean {
  if (typeof node === 'string' || typeof node === 'symbol') {
    const text = String(node);
    return clean(text) === text;
  }
  if (typeof node !== 'object' || node === null || seen.has(node)) {
    return typeof node !== 'function';
  }
  if (depth > maxDepth || seen.size > maxNodes) {
    return false;
  }
  seen.add(node);
  const isChildClean = (child: unknown): boolean => isClean(child, clean, seen, depth + 1);
  try {
    // By name, since engines keep some of an error's texts where no property shows them.
    const texts = isErrorLike(node) ? [node.name, node.message, node.stack] : undefined;
    const isOpen = texts !== undefined || Array.isArray(node) || isPlain(node);
    return (
      isOpen &&
      (texts ?? []).every(isChildClean) &&
      Reflect.ownKeys(node).every((key) => {
        const property = Object.getOwnPropertyDescriptor(node, key);
        // A getter may give something else the next time; the stack is one.
        return isChildClean(key) && isChildClean(property?.value) && (property?.get === undefined || key === 'stack');
      })
    );
  } catch {
    return false;
  }
}

/** An object of no class, whichever realm's. */
function isPlain(node: object): boolean {
  const prototype = Object.getPrototypeOf(node) as object | null;
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function copy(cause: unknown, clean: (text: string) => string, depth: number): unknown {
  const text = (value: unknown): string => (typeof value === 'string' ? clean(value) : '');
  try {
    if (!isErrorLike(cause) || depth > maxDepth) {
      return text(cause) || undefined;
    }
    const { name, message, stack, code, cause: inner } = cause;
    const copied = new Error(text(message), inner === undefined ? {} : { cause: copy(inner, clean, depth + 1) });
    return Object.assign(copied, { name: text(name), stack: text(stack) }, text(code) === '' ? {} : { code: text(code) });
  } catch {
    return undefined;
  }
}
