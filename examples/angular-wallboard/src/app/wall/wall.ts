/** The wall: a row for each queue. `?queues=Sales@SIP,Support@SIP` names others than those of `centre.ts`. */
import { Component, computed, input } from '@angular/core';
import { queues, titleOf } from '../centre.js';
import { LongestWaitTile } from './longest-wait-tile.js';
import { LostTile } from './lost-tile.js';
import { ServiceLevelTile } from './service-level-tile.js';
import { WaitingTile } from './waiting-tile.js';

@Component({
  selector: 'app-wall',
  imports: [LongestWaitTile, LostTile, ServiceLevelTile, WaitingTile],
  host: { '[style.--rows]': 'names().length' },
  template: `
    <h1 class="spoken">Wall</h1>
    @for (queue of names(); track queue) {
      <section [attr.aria-label]="title(queue)">
        <h2>{{ title(queue) }}</h2>
        <app-waiting-tile [queue]="queue" />
        <app-longest-wait-tile [queue]="queue" />
        <app-service-level-tile [queue]="queue" />
        <app-lost-tile [queue]="queue" />
      </section>
    }
  `,
})
export class Wall {
  readonly queues = input<string>();
  readonly names = computed(() => [...new Set(this.queues()?.split(',').filter((name) => name !== '') ?? queues)]);
  readonly title = titleOf;
}
