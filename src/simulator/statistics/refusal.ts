/** The error for a statistic that cannot be opened or read, because the request is wrong. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}
