/** What tests of the Angular layer share: a page for TestBed to render into, and components that are compiled in the test. */
import '@angular/compiler';
import { Component, Input, makeEnvironmentProviders, provideZonelessChangeDetection, type EnvironmentProviders, type Type } from '@angular/core';
import { getTestBed } from '@angular/core/testing';
import { BrowserTestingModule, platformBrowserTesting } from '@angular/platform-browser/testing';
import { afterEach } from 'vitest';
import { provideStatistics, type StatisticsFeature } from '../../src/angular/index.js';
import { CLIENT } from '../../src/angular/statistics-client.js';
import type { Rig } from '../support/rig.js';

// The DOM that Angular has for servers, without making this a server.
const { default: domino } = (await import(new URL('../../node_modules/@angular/platform-server/third_party/domino/bundled-domino.mjs', import.meta.url).href)) as {
  readonly default: { createWindow(html: string, url: string): Window; readonly impl: { readonly Node: unknown } };
};

/** Once for each file of tests: a TestBed, which each test begins anew. */
export function setUpTestBed(): void {
  startTestBed();
  afterEach(() => getTestBed().resetTestingModule());
}

export function startTestBed(): void {
  const { document } = domino.createWindow('<!doctype html><html><body></body></html>', 'http://localhost/');
  Object.assign(globalThis, { document, Node: domino.impl.Node });
  getTestBed().initTestEnvironment(BrowserTestingModule, platformBrowserTesting(), { teardown: { destroyAfterEach: true }, errorOnUnknownElements: true, errorOnUnknownProperties: true });
}

/** Makes a class a component, as the decorators do. Its inputs are signals, as the compiler would find. */
export function component<C>(type: Type<C>, { inputs = [], ...options }: { readonly selector: string; readonly template: string; readonly inputs?: readonly string[]; readonly imports?: Type<unknown>[] }): Type<C> {
  for (const name of inputs) {
    (Input as (options: object) => PropertyDecorator)({ isSignal: true, alias: name, required: true })(type.prototype as object, name);
  }
  Component(options)(type);
  return type;
}

/** The text that a component shows, in single blanks. */
export function textOf({ nativeElement }: { readonly nativeElement: unknown }): string {
  return (nativeElement as Element).textContent.replace(/\s+/g, ' ').trim();
}

/** Providers of an application whose client is in the test's hand, over a server in memory, in virtual time. */
export function provideRig({ client }: Pick<Rig, 'client'>, ...features: readonly StatisticsFeature[]): EnvironmentProviders {
  return makeEnvironmentProviders([provideZonelessChangeDetection(), provideStatistics({ baseUrl: 'https://host' }, ...features), { provide: CLIENT, useValue: client }]);
}
