// An Angular application with live statistics: one client for all of it, and two tiles that share its subscription.
import { Component, signal } from '@angular/core';
import { bootstrapApplication } from '@angular/platform-browser';
import { injectHealth, provideStatistics, withServerRendering } from 'genesys-statistics-rx/angular';
import { WaitingTile } from './waiting-tile.ts';

@Component({
  selector: 'app-root',
  imports: [WaitingTile],
  template: `
    @if (health().status === 'degraded') {
      <p>No connection: {{ health().lastError?.message }}</p>
    }
    <app-waiting-tile [queue]="queue()" />
    <app-waiting-tile queue="Support@SIP" />
    <button type="button" (click)="queue.set('Service@SIP')">Service</button>
  `,
})
export class App {
  readonly health = injectHealth();
  readonly queue = signal('Sales@SIP');
}

await bootstrapApplication(App, {
  providers: [provideStatistics({ baseUrl: 'https://host/statistics/v3', apiKey: 'key' }, withServerRendering())],
});
