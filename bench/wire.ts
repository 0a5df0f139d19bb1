/** The requests that a program without a library makes, one `fetch` each. Knows nothing of intervals and observers. */
import { randomUUID } from 'node:crypto';
import type { Requested, Value } from './job.ts';

/** A statistic of an answer. */
export interface Element {
  readonly statisticId: string;
  readonly timestamp: number;
  readonly value: Value;
}

export const newId = randomUUID;

/** As long as the library's own ids, so that all bodies have one length. */
export function statisticId(id: string, index: number): string {
  return `${id.slice(0, 8)}.${index}`;
}

export function describe(id: string, definitions: readonly Requested[]): object[] {
  return definitions.map((definition, index) => ({ statisticId: statisticId(id, index), ...definition }));
}

export async function openSubscription(url: string, id: string, definitions: readonly Requested[]): Promise<string> {
  return textOf(
    await fetch(`${url}/subscriptions?verbose=INFO`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ operationId: id, data: { statistics: describe(id, definitions) } }),
    }),
  );
}

export async function readSubscription(url: string, id: string): Promise<string> {
  return textOf(await fetch(`${url}/subscriptions/${id}/statistic-values?verbose=OFF`));
}

export async function deleteSubscription(url: string, id: string): Promise<void> {
  await textOf(await fetch(`${url}/subscriptions/${id}`, { method: 'DELETE' }));
}

export async function peek(url: string, { name, objectId, objectType }: Requested): Promise<Element> {
  const query = `objectId=${encodeURIComponent(objectId)}&objectType=${encodeURIComponent(objectType)}`;
  const text = await textOf(await fetch(`${url}/statistic-values/${encodeURIComponent(name)}?${query}`));
  return (JSON.parse(text) as { data: { statistic: Element } }).data.statistic;
}

export function elementsOf(text: string): readonly Element[] {
  return (JSON.parse(text) as { data: { statistics: readonly Element[] } }).data.statistics;
}

function textOf(response: Response): Promise<string> {
  if (!response.ok) {
    throw new Error(`${response.url} answered ${response.status}`);
  }
  return response.text();
}
