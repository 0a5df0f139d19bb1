/** `peekFallback()`: connects the fallback with its stand-in over peeks. Does not know when either of them is used. */
import { createFallback } from './fallback.js';
import { createFallbackOption, type Fallback } from './fallback-option.js';
import { createPeeking } from './peeking.js';

/**
 * For the option `fallback`: keeps configured statistics live by `POST /operations/get-statistic-ex` if no subscription can be
 * opened (403, 404, 405), or each is lost as soon as it is open. It ends with the first healthy poll of a subscription.
 *
 * Inline definitions cannot be read this way and are refused as they would be without a fallback.
 *
 * @example
 * const client = createStatisticsClient({ baseUrl, apiKey, fallback: peekFallback() });
 */
export function peekFallback(): Fallback {
  return createFallbackOption((primary, deps) => createFallback({ ...deps, primary, standIn: createPeeking(deps) }));
}
