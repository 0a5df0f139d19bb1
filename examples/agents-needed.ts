// How many agents a queue needs: an hour of calls is measured, and forecasts show the service with more and fewer agents.
import { createStatisticsClient, numberOf } from 'genesys-statistics-rx';
import { agentsNeeded, forecast, formatKpi } from 'genesys-statistics-rx/kpi';
import { createSimulator } from 'genesys-statistics-rx/simulator';
import { lastValueFrom, map } from 'rxjs';

await using simulator = await createSimulator({ clock: 'manual', startAt: Date.parse('2026-05-04T08:00:00Z') });
await using client = createStatisticsClient({ baseUrl: simulator.url });

const measured$ = client
  .peekAll$({
    entered: { name: 'Total_Calls_Entered', objectId: 'Sales@SIP', objectType: 'Queue' },
    handlingTime: { name: 'AverageHandlingTime', objectId: 'SalesTeam', objectType: 'GroupAgents' },
  })
  .pipe(map(({ entered, handlingTime }) => ({ entered: numberOf(entered.value) ?? 0, handlingTime: numberOf(handlingTime.value) ?? 0 })));
const nothing = { defaultValue: { entered: 0, handlingTime: 0 } };

const before = await lastValueFrom(measured$, nothing);
simulator.advance(3_600_000);
const after = await lastValueFrom(measured$, nothing);

const load = {
  callsPerHour: after.entered - before.entered,
  averageHandlingTime: after.handlingTime,
  targetTime: 20,
  averagePatience: 120,
};
const needed = agentsNeeded({ ...load, serviceLevel: 80 });
console.log(`${load.callsPerHour} calls an hour of ${formatKpi(load.averageHandlingTime, 'seconds')}: ${needed} agents for 80 % in 20 s`);

for (let agents = Math.max(1, needed - 2); agents <= needed + 2; agents++) {
  const { serviceLevel, averageSpeedOfAnswer, occupancy, abandonRate } = forecast({ ...load, agents });
  const [level, lost, busy] = [serviceLevel, abandonRate, occupancy].map((percent) => formatKpi(percent, 'percent'));
  console.log(`${agents} agents: ${level} in time, ${lost} lost, answered after ${formatKpi(averageSpeedOfAnswer, 'seconds')}, ${busy} busy`);
}
