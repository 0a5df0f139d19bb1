/** `peek`: prints the present values of statistics, without a subscription. */
import { firstValueFrom, fromEvent, takeUntil, type Observable } from 'rxjs';
import { StatisticRejectedError, StatisticsApiError, StatisticsError, type StatisticsClient, type StatisticValue } from '../../index.js';
import { defineCommand } from '../arguments/command.js';
import { readingOf, unitOf, type Subject } from '../live/figure.js';
import { adviceFor, reasonOf, shortReasonOf } from '../live/live.js';
import { outputOptions, serverOptions } from '../server.js';
import { withClient } from '../session.js';
import { nameHint, readTargets } from '../targets.js';
import { hasColours } from '../terminal/show.js';
import { paint } from '../terminal/spans.js';
import { table, type TableRow } from '../terminal/table.js';
import { inUnit } from '../terminal/texts.js';
import { write, writeLines } from '../terminal/write.js';

interface Peeked {
  readonly target: Subject;
  readonly value?: StatisticValue;
  readonly error?: StatisticsError;
}

export const peek = defineCommand({
  name: 'peek',
  summary: 'prints the values that statistics have now',
  operands: 'NAME[,NAME...] TYPE/ID...',
  options: { ...serverOptions, json: outputOptions.json, 'no-color': outputOptions['no-color'] },
  examples: [
    { line: 'peek Current_In_Queue Queue/Sales@SIP --demo', what: 'one value of the simulator' },
    { line: 'peek ServiceLevel,Total_Answered Queue/Sales@SIP Queue/Support@SIP --json', what: 'four values as lines of JSON' },
  ],
  async run(given, operands, context) {
    const targets = readTargets(operands);
    const { output, stop, env } = context;
    const peeked = await withClient(given, context, ({ client }) => peekAll(client, targets, stop));
    const failed = peeked.flatMap(({ error }) => error ?? []);
    const [first] = failed;
    if (first !== undefined && failed.length === peeked.length && new Set(failed.map(reasonOf)).size === 1) {
      const hint = nameHint(targets[0]?.name ?? '');
      // If a name is suggested, no other advice is needed.
      throw new StatisticsError(`${reasonOf(first)}${hint === '' ? `. ${adviceFor(first.cause ?? first)}` : hint}`, { cause: first });
    }
    if (given.json || !output.isTTY) {
      await writeLines(output, peeked.map(lineOf));
    } else {
      const lines = table(
        [
          { title: 'Statistic', width: 9, rank: 0, left: true, shrinks: true },
          { title: 'Object', width: 6, rank: 0, left: true, shrinks: true },
          { title: 'Value', width: 5, rank: 0 },
        ],
        peeked.map(rowOf),
        output.columns || 80,
      );
      await write(output, `${lines.map((line) => paint(line, hasColours(given, env))).join('\n')}\n`);
    }
    return failed.length > 0 ? 1 : 0;
  },
});

/** Peeks at all statistics in one request. If it is refused, peeks at each alone, to find the ones at fault. */
async function peekAll(client: StatisticsClient, targets: readonly Subject[], stop: AbortSignal): Promise<Peeked[]> {
  const [only] = targets;
  if (targets.length > 1) {
    try {
      const values = await until<readonly StatisticValue[]>(client.peekAll$(targets), stop);
      return targets.map((target, index) => ({ target, ...(values[index] === undefined ? {} : { value: values[index] }) }));
    } catch (error) {
      if (!isRefusal(error)) {
        throw error;
      }
    }
  }
  return Promise.all(
    (only === undefined ? [] : targets).map(async (target): Promise<Peeked> => {
      try {
        return { target, value: await until(client.peek$(target.name, target), stop) };
      } catch (error) {
        if (isRefusal(error)) {
          return { target, error };
        }
        throw error;
      }
    }),
  );
}

function isRefusal(error: unknown): error is StatisticsError {
  return error instanceof StatisticRejectedError || (error instanceof StatisticsApiError && error.httpStatus !== 401 && error.httpStatus < 500);
}

/** @throws the reason of `stop`, if that aborts first. The request is then aborted. */
async function until<T>(value$: Observable<T>, stop: AbortSignal): Promise<T> {
  stop.throwIfAborted();
  const value = await firstValueFrom(value$.pipe(takeUntil(fromEvent(stop, 'abort'))), { defaultValue: undefined });
  stop.throwIfAborted();
  return value as T;
}

function lineOf({ target, value, error }: Peeked): object {
  const common = { ...target, unit: unitOf(target.name), at: new Date().toISOString() };
  if (value === undefined) {
    return { type: 'error', ...common, message: error === undefined ? 'no value' : reasonOf(error) };
  }
  const reading = readingOf(value);
  return { type: 'statistic', ...common, value: reading.value, timestamp: reading.timestamp };
}

function rowOf({ target, value, error }: Peeked): TableRow {
  const cells = [{ text: target.name }, { text: `${target.objectType}/${target.objectId}` }];
  if (value === undefined) {
    return { cells, remark: { text: `refused: ${error === undefined ? 'no value' : shortReasonOf(error)}`, colour: 'red' } };
  }
  const { value: shown } = readingOf(value);
  const text = typeof shown === 'number' ? inUnit(shown, unitOf(target.name)) : typeof shown === 'string' ? shown : JSON.stringify(shown);
  return [...cells, { text }];
}
