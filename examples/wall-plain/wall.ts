// The wall without a framework: three tiles for each queue, stale and refused ones in words, in a table that a page has.
import { createStatisticsClient, numberOf, type State, type StatisticsClientOptions, type StatisticValue } from 'genesys-statistics-rx';
import { abandonRate, formatKpi, threshold } from 'genesys-statistics-rx/kpi';
import { filter, map } from 'rxjs';

const style = `
  table { width: 100%; border-spacing: 1rem; font: 700 clamp(2rem, 7vw, 12rem)/1.1 system-ui, sans-serif; font-variant-numeric: tabular-nums }
  th { font-size: 40%; text-align: start }
  td { padding: 1rem; border: 2px solid }
  td::after { content: attr(data-note); display: block; font-size: 25% }
  .warning { background: #ffcf4a; color: #1b1400 }
  .error { background: #a4001c; color: #fff }
  .stale { border-style: dashed; font-weight: 300 }`;

const words: Record<string, string> = { normal: '● Good', warning: '▲ Watch', error: '■ Act now' };

/** Shows the queues in `root`; the result ends it, and resolves once nothing is left on the server. */
export function showWall(root: HTMLElement, options: StatisticsClientOptions, queues: readonly string[]): () => Promise<void> {
  const client = createStatisticsClient(options);
  root.innerHTML = `<style>${style}</style><table><thead><tr><th scope="col">Queue<th scope="col">Waiting<th scope="col">Longest wait<th scope="col">Gave up</thead><tbody></tbody></table>`;
  for (const objectId of queues) {
    const row = root.querySelector('tbody')?.insertRow();
    const queue = { objectId, objectType: 'Queue' };
    const cell = (text = ''): HTMLElement => Object.assign(row?.insertCell() ?? document.createElement('td'), { textContent: text });
    cell(objectId);

    const [waiting, longest, lost] = [cell(), cell(), cell()];
    const number = ({ value }: StatisticValue): string => String(numberOf(value) ?? 'no calls yet');
    const state$ = client.statisticState$('Current_In_Queue', queue);
    state$.subscribe((state) => show(waiting, state, number));
    client.statisticState$('CurrMaxCallWaitingTime', queue).subscribe((state) => show(longest, state, (value) => `${number(value)} s`));
    const calls = { answered: { name: 'Total_Answered', ...queue }, abandoned: { name: 'Total_Abandoned', ...queue } };
    client.subscriptionState$(calls).subscribe((state) => show(lost, state, ({ answered, abandoned }) => {
      const rate = abandonRate({ answered: numberOf(answered.value), abandoned: numberOf(abandoned.value) });
      return rate === null ? 'no calls yet' : formatKpi(Math.round(rate), 'percent');
    }));
    state$.pipe(map(({ value }) => value), filter((value) => value !== undefined), threshold({ side: 'above', warning: 5, error: 10, hysteresis: 1 })).subscribe((level) => {
      waiting.className = level;
      waiting.dataset['note'] = words[level] ?? '';
    });
  }
  return () => client.close();
}

/** Writes the number, with its age if it is stale; without a number, the reason. */
function show<V>(cell: HTMLElement, { status, value, error, receivedAt }: State<V>, write: (value: V) => string): void {
  cell.textContent = value === undefined ? (error === undefined ? '…' : 'unknown') : write(value);
  cell.classList.toggle('stale', status === 'stale');
  cell.dataset['note'] = status === 'stale' ? `STALE since ${new Date(receivedAt ?? 0).toLocaleTimeString()}` : (error?.message ?? '');
}
