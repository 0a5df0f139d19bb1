import { mergeApplicationConfig, type ApplicationRef } from '@angular/core';
import { bootstrapApplication, type BootstrapContext } from '@angular/platform-browser';
import { RenderMode, provideServerRendering, withRoutes } from '@angular/ssr';
import { App } from './app.js';
import { config } from './config.js';

const server = mergeApplicationConfig(config, { providers: [provideServerRendering(withRoutes([{ path: '**', renderMode: RenderMode.Server }]))] });

export default (context: BootstrapContext): Promise<ApplicationRef> => bootstrapApplication(App, server, context);
