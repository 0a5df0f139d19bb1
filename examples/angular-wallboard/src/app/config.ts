import type { ApplicationConfig } from '@angular/core';
import { provideClientHydration } from '@angular/platform-browser';
import { provideRouter, withComponentInputBinding, type Routes } from '@angular/router';
import { provideStatistics, withServerRendering } from 'genesys-statistics-rx/angular';
import { Agents } from './agents/agents.js';
import { Lab } from './lab/lab.js';
import { sourceOptions } from './source.js';
import { Wall } from './wall/wall.js';

const routes: Routes = [
  { path: '', component: Wall, title: 'Wall' },
  { path: 'agents', component: Agents, title: 'Agents' },
  { path: 'lab', component: Lab, title: 'Lab' },
];

export const config: ApplicationConfig = {
  providers: [provideRouter(routes, withComponentInputBinding()), provideClientHydration(), provideStatistics(sourceOptions, withServerRendering())],
};
