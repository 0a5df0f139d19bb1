// Code to test: the lines that a wallboard shows for a queue and an agent.
import { map, type Observable } from 'rxjs';
import type { StatisticsClient } from 'genesys-statistics-rx';
import { agent$, formatKpi, queue$ } from 'genesys-statistics-rx/kpi';

export function queueLine$(client: StatisticsClient, queue: string): Observable<string> {
  const level = (percent: number | null | undefined): string => formatKpi(percent, 'percent', { locale: 'en' });
  return queue$(client, queue).pipe(map(({ waiting, serviceLevel }) => `${queue}: ${waiting ?? '-'} waiting, ${level(serviceLevel)}`));
}

export function agentLine$(client: StatisticsClient, agent: string): Observable<string> {
  return agent$(client, agent).pipe(map(({ state }) => `${agent}: ${state?.group ?? 'unknown'}`));
}
