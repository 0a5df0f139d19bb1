// How many calls wait in a queue.
import { Component, input } from '@angular/core';
import { numberOf } from 'genesys-statistics-rx';
import { injectStatistic } from 'genesys-statistics-rx/angular';
import { levelOf } from '../level.js';
import { Tile } from './tile.js';

@Component({
  selector: 'app-waiting-tile',
  imports: [Tile],
  template: `<app-tile heading="Waiting" [queue]="queue()" [of]="waiting" [level]="level()" [text]="'' + waiting.value()" />`,
})
export class WaitingTile {
  readonly queue = input.required<string>();
  readonly waiting = injectStatistic('Current_In_Queue', () => ({ objectId: this.queue(), objectType: 'Queue' }), { parse: ({ value }) => numberOf(value) });
  readonly level = levelOf(this.waiting.value, { side: 'above', warning: 5, error: 10, hysteresis: 2 });
}
