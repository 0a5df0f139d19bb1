/** The laboratory: shows the client's requests, switches to another queue, and breaks the server. */
import { Component, computed, inject, signal } from '@angular/core';
import { injectHealth, injectSubscription } from 'genesys-statistics-rx/angular';
import { faults, type Fault } from '../breaker.js';
import { agents, queues, titleOf } from '../centre.js';
import { Freshness } from '../freshness.js';
import { NOW } from '../now.js';
import { breakServer } from '../source.js';
import { LongestWaitTile } from '../wall/longest-wait-tile.js';
import { LostTile } from '../wall/lost-tile.js';
import { ServiceLevelTile } from '../wall/service-level-tile.js';
import { WaitingTile } from '../wall/waiting-tile.js';

const words: Record<Fault, string> = { unavailable: 'Answer 503', hang: 'Hang', forget: 'Forget subscriptions', expire: 'Expire the token' };

/** A load: five statistics of each agent. */
const load = agents.flatMap((objectId) => ['CurrentAgentState', 'LoginDuration', 'ReadyDuration', 'TalkDuration', 'NotReadyDuration'].map((name) => ({ name, objectId, objectType: 'Agent' })));

@Component({
  selector: 'app-lab',
  imports: [LongestWaitTile, LostTile, ServiceLevelTile, WaitingTile],
  template: `
    <h1 class="spoken">Lab</h1>
    <p class="strip" [class.bad]="health().status !== 'live'">{{ strip() }}</p>
    <p class="status">{{ status() }}</p>
    <div class="controls">
      <label>Queue <select (change)="pick($event)">
        @for (name of queues; track name) {
          <option [value]="name" [selected]="name === queue()">{{ title(name) }}</option>
        }
      </select></label>
      @for (fault of faults; track fault) {
        <button type="button" (click)="play(fault)">{{ words[fault] }}</button>
      }
    </div>
    <section [attr.aria-label]="title(queue())">
      <h2>{{ title(queue()) }}</h2>
      <app-waiting-tile [queue]="queue()" />
      <app-longest-wait-tile [queue]="queue()" />
      <app-service-level-tile [queue]="queue()" />
      <app-lost-tile [queue]="queue()" />
    </section>
  `,
})
export class Lab {
  readonly queues = [...queues, 'Nobody@SIP'];
  readonly queue = signal('Sales@SIP');
  readonly faults = faults;
  readonly words = words;
  readonly title = titleOf;
  readonly health = injectHealth();
  readonly load = injectSubscription(load);
  readonly #freshness = inject(Freshness);
  readonly #now = inject(NOW);
  readonly #played = signal('');
  readonly strip = computed(() => {
    const { upstreams, statistics } = this.health();
    const since = (this.#now() ?? 0) - 60_000;
    const asked = this.#freshness.requests().filter((time) => time > since).length;
    return `${upstreams} upstream${upstreams === 1 ? '' : 's'} · ${statistics} statistics · ${asked} requests/min · ${this.#freshness.leftOpen()} left open`;
  });
  readonly status = computed(() => {
    const { status, lastError } = this.health();
    return status === 'live' ? `live${this.#played()}` : `${status}${lastError ? `: ${lastError.message}` : ''}`;
  });

  pick(event: Event): void {
    this.queue.set((event.target as HTMLSelectElement).value);
  }

  play(fault: Fault): void {
    this.#played.set(` · ${words[fault].toLowerCase()}: watch`);
    void breakServer(fault).then((isPlayed) => {
      if (!isPlayed) {
        this.#played.set(' · this server is not ours to break');
      }
    });
  }
}
