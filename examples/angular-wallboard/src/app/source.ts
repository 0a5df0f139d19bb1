/** The server of the statistics: named by the page or, while a server renders, by the environment. */
import { DOCUMENT, inject } from '@angular/core';
import type { StatisticsClientOptions } from 'genesys-statistics-rx';
import type { Breaker } from './breaker.js';
import { pace } from './pace.js';

/** The page names a server in `<meta name="statistics-url">`. A path is a server behind this origin, with its own key and token. */
export function sourceOptions(): StatisticsClientOptions {
  if (typeof ngServerMode !== 'undefined' && ngServerMode) {
    return { baseUrl: process.env['GENESYS_STATISTICS_URL'] ?? 'http://127.0.0.1:1', token: process.env['GENESYS_TOKEN'], ...pace };
  }
  const document = inject(DOCUMENT);
  const named = document.querySelector('meta[name="statistics-url"]')?.getAttribute('content') ?? '';
  const isSimulator = named.startsWith('http');
  return { baseUrl: new URL(named === '' ? '/statistics/v3' : named, document.baseURI), ...(isSimulator ? { token: askToken } : {}), ...pace };
}

const askToken = async (): Promise<string> => (await fetch('/lab/token')).text();

/** Asks the server of the page to break its simulator; another server is left alone. */
export const breakServer: Breaker = async (fault) => (await fetch(`/lab/${fault}`, { method: 'POST' })).ok;
