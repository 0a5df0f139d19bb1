/** An error of a resource in the words of the wall: what is refused, and why. */
import { StatisticRejectedError, StatisticsApiError } from 'genesys-statistics-rx';

export interface Refusal {
  /** In one word. */
  readonly title: string;
  /** In the words of the server, if it gave a reason. */
  readonly why: string;
  /** The statistics and their objects. */
  readonly what: string;
}

export function refusalOf(error: Error): Refusal {
  if (!(error instanceof StatisticRejectedError)) {
    return { title: 'unknown', why: error.message, what: '' };
  }
  const what = error.definitions.map(({ name, objectId }) => `${typeof name === 'string' ? name : 'a definition'} of ${objectId}`).join(', ');
  const { cause } = error;
  return { title: 'refused', why: cause instanceof StatisticsApiError ? saidBy(cause) : 'The server answers without it', what };
}

/** Without the method, the path and the status, which are for a log. */
function saidBy({ message }: StatisticsApiError): string {
  return / answered \d+: (?:statistics\[\d+\]: )?(.+)$/s.exec(message)?.[1] ?? message;
}
