/** Agents by state, worst first: who is away longest, who has wrapped up longest, and at the end who can take a call. */
import { Component, computed, inject } from '@angular/core';
import { injectSubscription } from 'genesys-statistics-rx/angular';
import { agentStatus, type AgentGroup } from 'genesys-statistics-rx/kpi';
import { agents } from '../centre.js';
import { NOW, duration } from '../now.js';

const order: readonly (readonly [AgentGroup, string])[] = [
  ['notReady', 'Not ready'],
  ['hold', 'On hold'],
  ['wrap', 'Wrapping up'],
  ['talking', 'Talking'],
  ['ringing', 'Ringing'],
  ['ready', 'Ready'],
  ['unknown', 'Unknown'],
  ['out', 'Logged out'],
];

const definitions = Object.fromEntries(agents.map((objectId) => [objectId, { name: 'CurrentAgentState', objectId, objectType: 'Agent' }]));

@Component({
  selector: 'app-agents',
  template: `
    <h1 class="spoken">Agents</h1>
    @if (states.stale()) {
      <p class="banner">STALE: these states are no longer confirmed</p>
    } @else if (states.error(); as error) {
      <p class="banner">{{ error.message }}</p>
    }
    <div class="groups" [class.stale]="states.stale()">
      @for (group of groups(); track group.name) {
        <section [class]="group.name" [attr.aria-label]="group.title">
          <h2>{{ group.title }} <span>{{ group.members.length }}</span></h2>
          <ul>
            @for (agent of group.members; track agent.name) {
              <li><span>{{ agent.name }}</span> <b>{{ agent.time }}</b></li>
            }
          </ul>
        </section>
      } @empty {
        <p class="banner">Waiting for the first value</p>
      }
    </div>
  `,
})
export class Agents {
  readonly states = injectSubscription(definitions, { parse: (all) => Object.entries(all).map(([name, state]) => ({ name, ...agentStatus(state) })) });
  readonly #now = inject(NOW);
  readonly groups = computed(() =>
    order
      .map(([name, title]) => ({ name, title, members: (this.states.value() ?? []).filter(({ group }) => group === name).toSorted((one, other) => (one.since ?? Infinity) - (other.since ?? Infinity)) }))
      .filter(({ members }) => members.length > 0)
      .map(({ members, ...group }) => ({ ...group, members: members.map(({ name, since }) => ({ name, time: this.#timeSince(since) })) })),
  );

  #timeSince(since: number | null): string {
    const now = this.#now();
    return since === null || now === undefined ? '–:––' : duration((now - since) / 1000);
  }
}
