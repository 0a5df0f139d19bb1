import { bootstrapApplication } from '@angular/platform-browser';
import { App, seen } from './app.js';
import { config } from './config.js';

// Not awaited: with zone.js nothing may be, at the top of a module.
void bootstrapApplication(App, config)
  .then((application) => application.whenStable())
  .then(() => {
    seen.stableAt = performance.now();
  });
