// Code to test: an alarm for a queue in which too many calls have waited for half a minute.
import { sustained } from 'genesys-statistics-rx/kpi';
import { numeric, type StatisticsClient } from 'genesys-statistics-rx';
import type { Observable } from 'rxjs';

export function queueAlarm$(client: Pick<StatisticsClient, 'statistic$'>, queue: string, most: number): Observable<boolean> {
  const waiting$ = client.statistic$('Current_In_Queue', { objectId: queue, objectType: 'Queue' }).pipe(numeric());
  return waiting$.pipe(sustained((waiting) => waiting > most, 30_000));
}
