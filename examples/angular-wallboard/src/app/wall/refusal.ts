/** The error of a resource in the words of the wall: the refused statistics, and the reason. */
import { StatisticRejectedError, StatisticsApiError } from 'genesys-statistics-rx';

export interface Refusal {
  /** In one word. */
  readonly title: string;
  /** The server's reason, if it gave one. */
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

/** The message without the method, the path and the status, which belong in a log. */
function saidBy({ message }: StatisticsApiError): string {
  return / answered \d+: (?:statistics\[\d+\]: )?(.+)$/s.exec(message)?.[1] ?? message;
}
