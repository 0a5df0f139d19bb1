/** Polls every second, even if nothing changes. */
import type { ApplicationConfig } from '@angular/core';
import { provideClientHydration } from '@angular/platform-browser';
import { provideStatistics, withServerRendering } from 'genesys-statistics-rx/angular';
import { detection } from './detection.js';
import { parameters } from './parameters.js';

export const config: ApplicationConfig = {
  providers: [detection, provideClientHydration(), provideStatistics(() => ({ baseUrl: parameters().baseUrl, poll: { interval: 1000, maxInterval: 1000 } }), withServerRendering())],
};
