/** The frame of every route: navigation, the time, and the age of the values on the page. */
import { Component, computed, inject } from '@angular/core';
import { RouterLink, RouterLinkActive, RouterOutlet } from '@angular/router';
import { injectHealth } from 'genesys-statistics-rx/angular';
import { Announcer } from './announcer.js';
import { Freshness } from './freshness.js';
import { NOW, clockTime } from './now.js';

@Component({
  selector: 'app-root',
  imports: [RouterLink, RouterLinkActive, RouterOutlet],
  template: `
    <header>
      <nav aria-label="Views">
        @for (view of views; track view.path) {
          <a [routerLink]="view.path" routerLinkActive="here" ariaCurrentWhenActive="page" [routerLinkActiveOptions]="{ paths: 'exact', queryParams: 'ignored', fragment: 'ignored', matrixParams: 'ignored' }">{{ view.title }}</a>
        }
      </nav>
      <p class="health" [class.bad]="isBad()">{{ freshness() }}</p>
      <time>{{ clock() }}</time>
    </header>
    <main><router-outlet /></main>
    <p class="spoken" aria-live="polite">{{ announcer.text() }}</p>
  `,
})
export class App {
  readonly views = [
    { path: '/', title: 'Wall' },
    { path: '/agents', title: 'Agents' },
    { path: '/lab', title: 'Lab' },
  ];
  readonly announcer = inject(Announcer);
  readonly #now = inject(NOW);
  readonly #answeredAt = inject(Freshness).answeredAt;
  readonly #health = injectHealth();
  readonly clock = computed(() => clockTime(this.#now()));
  readonly isBad = computed(() => ['degraded', 'unauthorized'].includes(this.#health().status));
  readonly freshness = computed(() => {
    const [now, at, { status }] = [this.#now(), this.#answeredAt(), this.#health()];
    if (now === undefined || at === undefined) {
      return this.isBad() ? 'No answer from the server yet' : 'Connecting';
    }
    const age = Math.max(0, Math.round((now - at) / 1000));
    return status === 'unauthorized' ? `Signed out · data ${age} s old` : this.isBad() ? `No connection · data ${age} s old` : `Live · data ${age} s old`;
  });
}
