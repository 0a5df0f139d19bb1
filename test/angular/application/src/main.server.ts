import { mergeApplicationConfig } from '@angular/core';
import { bootstrapApplication, type BootstrapContext } from '@angular/platform-browser';
import { provideServerRendering, withRoutes } from '@angular/ssr';
import { App } from './app';
import { config } from './config';
import { routes } from './routes.server';

const server = mergeApplicationConfig(config, { providers: [provideServerRendering(withRoutes(routes))] });

export default (context: BootstrapContext) => bootstrapApplication(App, server, context);
