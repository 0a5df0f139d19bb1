/** This library with a `nudgeScavenger` that does nothing. The difference shows the benefit of nudging. */
import { registerHooks } from 'node:module';
import type { Contestant } from '../job.ts';

registerHooks({
  resolve(specifier, context, next) {
    const resolved = next(specifier, context);
    if (specifier !== '#bytes') {
      return resolved;
    }
    const source = `export * from ${JSON.stringify(resolved.url)}; export const nudgeScavenger = () => undefined;`;
    return { url: `data:text/javascript,${encodeURIComponent(source)}`, format: 'module', shortCircuit: true };
  },
});

// Import only after the hook is registered.
const { start: ours } = await import('./ours.ts');

export const start: Contestant = ours;
