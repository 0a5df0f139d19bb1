import { bootstrapApplication } from '@angular/platform-browser';
import { App, seen } from './app.js';
import { config } from './config.js';

// Not awaited, because zone.js does not support `await` at the top level of a module.
void bootstrapApplication(App, config)
  .then((application) => application.whenStable())
  .then(() => {
    seen.stableAt = performance.now();
  });
