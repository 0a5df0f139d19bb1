/** Renders an application on a server, as `@angular/ssr` does: for tests, which say what it consists of. */
import '@angular/compiler';
import '@angular/platform-server/init';
import { provideZonelessChangeDetection, type ApplicationRef, type EnvironmentProviders, type Provider, type Type } from '@angular/core';
import { bootstrapApplication, provideClientHydration } from '@angular/platform-browser';
import { provideServerRendering, renderApplication } from '@angular/platform-server';

export type Providers = readonly (Provider | EnvironmentProviders)[];

export interface Render {
  readonly html: Promise<string>;
  /** Once it has been bootstrapped. */
  readonly application: Promise<ApplicationRef>;
}

/** @param root - a component whose selector is `app-root`. */
export function render(root: Type<unknown>, providers: Providers): Render {
  let resolve: (started: ApplicationRef) => void;
  const application = new Promise<ApplicationRef>((resolved) => (resolve = resolved));
  const html = renderApplication(
    async (context) => {
      const started = await bootstrapApplication(root, { providers: [provideZonelessChangeDetection(), provideServerRendering(), provideClientHydration(), ...providers] }, context);
      resolve(started);
      return started;
    },
    { document: '<!doctype html><html><body><app-root></app-root></body></html>' },
  );
  return { html, application };
}

/** What a page shows, in single blanks. */
export function shownBy(html: string): string {
  const body = /<app-root[^>]*>(.*?)<\/app-root>/s.exec(html)?.[1] ?? '';
  return body.replace(/<script.*?<\/script>|<[^>]*>/gs, ' ').replace(/\s+/g, ' ').trim();
}

/** What it carries for the browser. */
export function carriedBy(html: string): Readonly<Record<string, unknown>> {
  return JSON.parse(/<script id="ng-state"[^>]*>(.*?)<\/script>/s.exec(html)?.[1] ?? '{}') as Readonly<Record<string, unknown>>;
}
