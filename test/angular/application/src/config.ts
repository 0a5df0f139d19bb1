import type { ApplicationConfig } from '@angular/core';
import { provideClientHydration } from '@angular/platform-browser';
import { provideRouter } from '@angular/router';
import { providers } from './providers';

/** What every configuration has: hydration, which has the TransferState, and a router. */
export const config: ApplicationConfig = { providers: [provideClientHydration(), provideRouter([]), ...providers] };
