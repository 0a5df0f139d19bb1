// The wall in React: each tile takes its state from the store of `useStream`, which is useSyncExternalStore.
import { createElement as h, useMemo, type ReactElement } from 'react';
import { numberOf, type StatisticsClient } from 'genesys-statistics-rx';
import { useStream } from '../frameworks/react.ts';

interface TileProps {
  readonly client: StatisticsClient;
  readonly queue: string;
  readonly statistic: string;
}

/** Shows the number, and whether it is stale; without a number, the reason. */
function Tile({ client, queue, statistic }: TileProps): ReactElement {
  const state$ = useMemo(() => client.statisticState$(statistic, { objectId: queue, objectType: 'Queue' }), [client, queue, statistic]);
  const { status, value, error } = useStream(state$) ?? { status: 'pending' };
  const text = value === undefined ? (error === undefined ? '…' : 'unknown') : String(numberOf(value.value) ?? 'no calls yet');
  return h('td', { className: status }, text, h('small', null, status === 'stale' ? ' STALE' : (error?.message ?? '')));
}

/** A row for each queue: who waits, and how long. Make the client once, outside of it. */
export function Wall({ client, queues }: { readonly client: StatisticsClient; readonly queues: readonly string[] }): ReactElement {
  const rows = queues.map((queue) =>
    h('tr', { key: queue }, h('th', { scope: 'row' }, queue), ...['Current_In_Queue', 'CurrMaxCallWaitingTime'].map((statistic) => h(Tile, { key: statistic, client, queue, statistic }))),
  );
  const head = h('tr', null, ...['Queue', 'Waiting', 'Longest wait'].map((title) => h('th', { key: title, scope: 'col' }, title)));
  return h('table', null, h('thead', null, head), h('tbody', null, rows));
}
