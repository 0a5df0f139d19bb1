/**
 * Keeps secrets out of errors that come from outside (G11). Owns the depth to which an error is examined, and the copy that
 * replaces an error that shows, or may show, a secret. Knows no secret itself.
 */
import { isErrorLike, plain } from '../model/errors.js';

const maxDepth = 6;
const maxNodes = 1000;

/**
 * Returns the error itself if it shows no secret, otherwise a copy without secrets.
 *
 * @param redact - removes every secret from a text.
 */
export function redactCause(cause: unknown, redact: (text: string) => string): unknown {
  const clean = (text: string): string => redact(plain(text));
  return isClean(cause, clean, new Set(), 0) ? cause : copy(cause, clean, 0);
}

/**
 * Whether an error shows no secret anywhere a console would look, including hidden properties and symbols. An object that may
 * show more than its properties (a Map, a Request, an instance of a class) cannot be examined, so it is not clean.
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
    // These three are read by name, because some engines do not list them as own properties.
    const texts = isErrorLike(node) ? [node.name, node.message, node.stack] : undefined;
    const isOpen = texts !== undefined || Array.isArray(node) || isPlain(node);
    return (
      isOpen &&
      (texts ?? []).every(isChildClean) &&
      Reflect.ownKeys(node).every((key) => {
        const property = Object.getOwnPropertyDescriptor(node, key);
        // A getter may return something else the next time. Only `stack` is allowed, which is a getter in some engines.
        return isChildClean(key) && isChildClean(property?.value) && (property?.get === undefined || key === 'stack');
      })
    );
  } catch {
    return false;
  }
}

/** Whether an object is an instance of no class, in any realm. */
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
