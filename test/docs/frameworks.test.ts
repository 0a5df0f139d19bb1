/** The snippets of docs/guides/frameworks.md with Vue and Svelte themselves. test/browser/react.test.ts has React's, in a page. */
import { get } from 'svelte/store';
import { effectScope, nextTick, watch } from 'vue';
import { expect, it } from 'vitest';
import { asStore } from '../../examples/frameworks/svelte.js';
import { useStream } from '../../examples/frameworks/vue.js';
import { numeric } from '../../src/index.js';
import { allDeleted, numberValue, sales, startClient, startSimulator, until } from '../support/journey.js';

const waiting = { name: 'Current_In_Queue', ...sales };

it('a scope of Vue sees each value, and unsubscribes when it ends', async () => {
  const simulator = await startSimulator();
  simulator.set(waiting, numberValue(1));
  const client = startClient(simulator.url);
  const scope = effectScope();
  const seen: unknown[] = [];
  scope.run(() => watch(useStream(client.statistic$('Current_In_Queue', sales).pipe(numeric())), (value) => seen.push(value), { flush: 'sync' }));
  await until('the first value', () => seen.includes(1));
  simulator.set(waiting, numberValue(2));
  await until('the second', () => seen.includes(2));
  scope.stop();
  await nextTick();
  await allDeleted(simulator);
  expect(seen).toEqual([1, 2]);
});

it('an observable is a store for Svelte', async () => {
  const simulator = await startSimulator();
  simulator.set(waiting, numberValue(1));
  const client = startClient(simulator.url);
  const store = asStore(client.statistic$('Current_In_Queue', sales).pipe(numeric()));
  const seen: unknown[] = [];
  const unsubscribe = store.subscribe((value) => seen.push(value));
  await until('the first value', () => seen.includes(1));
  expect(get(store)).toBe(1);
  unsubscribe();
  await allDeleted(simulator);
});
