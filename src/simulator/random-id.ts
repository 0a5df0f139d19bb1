/** Ids that never repeat. `crypto.randomUUID` exists in secure contexts only, and a page served over plain HTTP is none. */
export function randomId(): string {
  return typeof crypto.randomUUID === 'function'
    ? crypto.randomUUID()
    : Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
