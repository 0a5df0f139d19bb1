/** Reacts to an abort signal, once, and leaves no listener on it. Knows nothing of what is aborted. */

/** Calls `react` when `signal` aborts, at once if it has already. Returns a function that stops listening. */
export function onAbort(signal: AbortSignal | undefined, react: (reason: unknown) => void): () => void {
  if (signal === undefined) {
    return () => undefined;
  }
  const listener = (): void => react(signal.reason);
  if (signal.aborted) {
    listener();
  } else {
    signal.addEventListener('abort', listener, { once: true });
  }
  return () => signal.removeEventListener('abort', listener);
}
