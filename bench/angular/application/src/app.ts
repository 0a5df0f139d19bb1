/** Shows the number of tiles that the address names, each of its own queue. Counts the renders of the page, and the time of the first value. */
import { Component, afterEveryRender, effect, input } from '@angular/core';
import { numberOf } from 'genesys-statistics-rx';
import { injectStatistic } from 'genesys-statistics-rx/angular';
import { parameters } from './parameters.js';

/** The figures that the bench reads. Times are `performance.now()`. */
export const seen = { renders: 0, tileRenders: 0, beganAt: 0, firstValueAt: 0, stableAt: 0 };
Object.assign(globalThis, { seen });

@Component({ selector: 'app-tile', template: '<b>{{ rendered() }}{{ waiting.value() ?? waiting.status() }}</b>' })
export class Tile {
  readonly queue = input.required<string>();
  readonly waiting = injectStatistic('Current_In_Queue', () => ({ objectId: this.queue(), objectType: 'Queue' }), { parse: ({ value }) => numberOf(value) });

  rendered(): string {
    seen.tileRenders++;
    return '';
  }
}

@Component({ selector: 'app-root', imports: [Tile], template: '@for (queue of queues; track queue) { <app-tile [queue]="queue" /> }' })
export class App {
  readonly queues = Array.from({ length: parameters().tiles }, (_, index) => (index === 0 ? 'Sales@SIP' : `Queue${String(index).padStart(4, '0')}@SIP`));
  readonly first = injectStatistic('Current_In_Queue', { objectId: 'Sales@SIP', objectType: 'Queue' });

  constructor() {
    seen.beganAt = performance.now();
    afterEveryRender(() => {
      seen.renders++;
    });
    effect(() => {
      if (this.first.hasValue()) {
        seen.firstValueAt ||= performance.now();
      }
    });
  }
}
