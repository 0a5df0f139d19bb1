/** The same application without statistics: the same templates, over signals that never change. */
import { computed, signal, type EnvironmentProviders } from '@angular/core';

export const providers = (..._features: unknown[]): EnvironmentProviders[] => [];
export const health = () => signal({ status: 'idle' });

export const waiting = (queue: () => string) => {
  const value = signal<number | null | undefined>(undefined);
  return {
    value,
    status: computed(() => (value() === undefined ? 'loading' : queue())),
    error: signal<Error | undefined>(undefined),
    stale: signal(false),
    hasValue: () => value() !== undefined,
  };
};

export const lost = (_queue: () => string) => ({ value: signal<number | null | undefined>(undefined) });
