/** The frame of every tile: the number, and its state in words. */
import { Component, computed, input } from '@angular/core';
import type { StatisticResource } from 'genesys-statistics-rx/angular';
import type { ThresholdLevel } from 'genesys-statistics-rx/kpi';
import { announce } from '../announcer.js';
import { clockTime } from '../now.js';
import { refusalOf } from './refusal.js';
import { staleSince } from './stale-since.js';

const words: Record<ThresholdLevel, string> = { normal: 'Good', warning: 'Watch', error: 'Act now', worst: 'Act now' };
/** A circle, a triangle and a square, which can be distinguished without colour. */
const shapes: Record<ThresholdLevel, string> = { normal: 'M8 1a7 7 0 1 0 .01 0z', warning: 'M8 1 15.5 15H.5z', error: 'M1 1h14v14H1z', worst: 'M1 1h14v14H1z' };

@Component({
  selector: 'app-tile',
  host: { '[class]': 'state()' },
  template: `
    <h3>{{ heading() }}</h3>
    @if (of().hasValue()) {
      <p class="number" [class.none]="of().value() === null">{{ of().value() === null ? 'no calls yet' : text() }}</p>
      <ng-content />
      @if (of().stale()) {
        <p class="note"><span>STALE since {{ clockTime(since()) }}</span></p>
      } @else if (of().value() !== null) {
        <p class="note"><svg viewBox="0 0 16 16" aria-hidden="true"><path [attr.d]="shape()" /></svg>{{ word() }}</p>
      }
    } @else if (of().error(); as error) {
      @let refusal = refusalOf(error);
      <p class="number none">{{ refusal.title }}</p>
      <p class="note">{{ refusal.why }}</p>
      <p class="reason">{{ refusal.what }}</p>
    } @else {
      <p class="number none">&nbsp;</p>
      <p class="note">No value yet</p>
    }
  `,
})
export class Tile {
  readonly heading = input.required<string>();
  readonly of = input.required<StatisticResource<number | null | undefined>>();
  readonly level = input<ThresholdLevel>('normal');
  /** The number as it is shown. */
  readonly text = input.required<string>();
  /** The queue of the number, for screen readers. */
  readonly queue = input('');

  readonly word = computed(() => words[this.level()]);
  readonly shape = computed(() => shapes[this.level()]);
  readonly since = staleSince(this.of);
  readonly clockTime = clockTime;
  readonly refusalOf = refusalOf;
  readonly state = computed(() => {
    const resource = this.of();
    return resource.stale() ? 'stale' : resource.status() === 'error' ? 'refused' : resource.hasValue() && resource.value() !== null ? this.level() : 'waiting';
  });

  constructor() {
    announce(this.level, (level) => `${this.queue()} ${this.heading()}: ${words[level]}, ${this.text()}`);
  }
}
