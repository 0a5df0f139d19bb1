import { Component, input, signal } from '@angular/core';
import { RouterOutlet } from '@angular/router';
import { health, lost, waiting } from './statistics';

@Component({
  selector: 'app-tile',
  template: `
    @if (waiting.hasValue()) {
      <b [class.stale]="waiting.stale()">{{ waiting.value() }}</b>
    } @else if (waiting.error(); as error) {
      <b>{{ error.message }}</b>
    } @else {
      <b>{{ waiting.status() }}</b>
    }
    <i>{{ lost.value() ?? 'none' }}</i>
  `,
})
export class Tile {
  readonly queue = input.required<string>();
  readonly waiting = waiting(this.queue);
  readonly lost = lost(this.queue);
}

@Component({
  selector: 'app-root',
  imports: [RouterOutlet, Tile],
  template: `
    <h1>{{ health().status }}</h1>
    <app-tile queue="Sales@SIP" />
    <app-tile [queue]="other()" />
    <button type="button" (click)="other.set('Sales@SIP')">Other</button>
    <router-outlet />
  `,
})
export class App {
  readonly health = health();
  readonly other = signal('Support@SIP');
}
