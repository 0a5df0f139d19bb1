// How long the first caller in a queue has been waiting.
import { Component, computed, input } from '@angular/core';
import { numberOf } from 'genesys-statistics-rx';
import { injectStatistic } from 'genesys-statistics-rx/angular';
import { levelOf } from '../level.js';
import { duration } from '../now.js';
import { Tile } from './tile.js';

@Component({
  selector: 'app-longest-wait-tile',
  imports: [Tile],
  template: `<app-tile heading="Longest wait" [queue]="queue()" [of]="wait" [level]="level()" [text]="text()" />`,
})
export class LongestWaitTile {
  readonly queue = input.required<string>();
  readonly wait = injectStatistic('CurrMaxCallWaitingTime', () => ({ objectId: this.queue(), objectType: 'Queue' }), { parse: ({ value }) => numberOf(value) });
  readonly level = levelOf(this.wait.value, { side: 'above', warning: 60, error: 120, hysteresis: 10 });
  readonly text = computed(() => duration(this.wait.value() ?? 0));
}
