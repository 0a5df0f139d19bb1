/** The DOM of `@angular/platform-server` as an environment of Vitest. */
import type { Environment } from 'vitest/runtime';

export default {
  name: 'domino',
  viteEnvironment: 'client',
  async setup(global: Record<string, unknown>) {
    const { default: domino } = (await import(new URL('../../node_modules/@angular/platform-server/third_party/domino/bundled-domino.mjs', import.meta.url).href)) as {
      readonly default: { createWindow(html: string, url: string): Window; readonly impl: { readonly Node: unknown } };
    };
    const window = domino.createWindow('<!doctype html><html><body></body></html>', 'http://localhost/');
    // Sets no `window`, because a library that looks for one would take this for a browser.
    Object.assign(global, { document: window.document, Node: domino.impl.Node });
    return {
      teardown() {
        for (const name of ['document', 'Node']) {
          Reflect.deleteProperty(global, name);
        }
      },
    };
  },
} satisfies Environment;
