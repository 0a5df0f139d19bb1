/** The health of the client, in one or two lines above every table. Pure. */
import { plural, shortAge } from '../terminal/texts.js';
import { widthOf, type Line } from '../terminal/spans.js';
import type { Live } from './live.js';

/** The widest usual age. With a fixed width, the rest of the line stays in place and need not be written each second. */
const ageWidth = 'just now'.length;

/** Draws the lines. The age comes first, so that no width cuts it off. Facts that do not fit as a whole are left out. */
export function statusLines({ health, polls, answeredAt }: Live, now: number, width: number): Line[] {
  if (health === undefined) {
    return [[{ text: 'connecting', colour: 'yellow' }]];
  }
  const { status, upstreams, statistics, lastError, retryAt } = health;
  const colour = status === 'live' ? 'green' : status === 'degraded' || status === 'unauthorized' ? 'red' : 'yellow';
  const age = answeredAt === undefined ? 'no answer yet' : now - answeredAt < 2000 ? 'just now' : `${shortAge(now - answeredAt)} ago`;
  const begin: Line = [{ text: `${age.padEnd(ageWidth)}  ` }, { text: status, colour }];
  const amount = `, ${plural(statistics, 'statistic')}`;
  const facts = [`${amount} in ${plural(upstreams, 'subscription')}, ${plural(polls, 'poll')}`, `${amount} in ${plural(upstreams, 'subscription')}`, amount];
  const fitting = facts.find(({ length }) => widthOf(begin) + length <= width) ?? '';
  const line: Line = [...begin, { text: fitting, colour: 'gray' }];
  if (lastError === undefined) {
    return [line];
  }
  const wait = retryAt === undefined ? 0 : Math.ceil((retryAt - now) / 1000);
  const why = inWords(lastError.message);
  const next = wait > 0 ? `next attempt in ${shortAge(wait * 1000)}: ${why}` : why;
  // If both do not fit, the reason matters more than the time of the next attempt.
  return [line, [{ text: next.length <= width ? next : why, colour }]];
}

/** The message without ids, which would take too much room. */
function inWords(message: string): string {
  return message
    .replace(/^GET \/subscriptions\/\S+\/statistic-values /, 'the poll ')
    .replace(/^DELETE \/subscriptions\/\S+ /, 'the deletion ')
    .replace(/^POST \/subscriptions(?= )/, 'the opening');
}
