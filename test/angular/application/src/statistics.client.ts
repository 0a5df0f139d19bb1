/** The same shape of application by the client alone, to see what the Angular layer weighs: what it uses of Angular, the application without it uses as well. */
import { computed, signal } from '@angular/core';
import { createStatisticsClient, numberOf } from 'genesys-statistics-rx';
import { abandonRate, kpi } from 'genesys-statistics-rx/kpi';
import * as none from './statistics.none';
import { options } from './options';

export const providers = none.providers;
export const health = none.health;

const client = createStatisticsClient(options());

export const waiting = (queue: () => string) => {
  const value = signal<number | null | undefined>(undefined);
  client.statisticState$('Current_In_Queue', { objectId: 'Sales@SIP', objectType: 'Queue' }).subscribe((state) => value.set(numberOf(state.value?.value)));
  return { ...none.waiting(queue), value: computed(() => value()) };
};

export const lost = (queue: () => string) => {
  const value = signal<number | null | undefined>(undefined);
  const object = { objectId: 'Sales@SIP', objectType: 'Queue' };
  client.subscription$({ answered: { name: 'Total_Answered', ...object }, abandoned: { name: 'Total_Abandoned', ...object } }).pipe(kpi(abandonRate)).subscribe((rate) => value.set(rate));
  return { ...none.lost(queue), value };
};
