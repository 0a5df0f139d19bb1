/** A wrong command line: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  /** The command whose help explains it. */
  command: string | undefined;
}
