/** The transport of `withHttpClient()`, in an application that lasts as long as the tests of a file. */
import '@angular/compiler';
import type { Provider } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { withHttpClient } from '../../src/angular/index.js';
import { TRANSPORT } from '../../src/angular/statistics-client.js';
import type { Transport } from '../../src/index.js';
import { startTestBed } from './support.js';

export function transportByHttpClient(...providers: Provider[]): Transport {
  startTestBed();
  TestBed.configureTestingModule({ providers: [...withHttpClient().providers, ...providers] });
  const transport = TestBed.inject(TRANSPORT);
  if (transport === undefined) {
    throw new Error('the feature provides no transport');
  }
  return transport;
}
