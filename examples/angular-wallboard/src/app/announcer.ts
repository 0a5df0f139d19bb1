/** Announces crossed thresholds to screen readers, and nothing else. */
import { Injectable, effect, inject, signal, untracked } from '@angular/core';
import type { ThresholdLevel } from 'genesys-statistics-rx/kpi';

@Injectable({ providedIn: 'root' })
export class Announcer {
  readonly text = signal('');
}

/** Announces each change of a level, not the first. */
export function announce(level: () => ThresholdLevel, sentence: (level: ThresholdLevel) => string): void {
  const announcer = inject(Announcer);
  let before: ThresholdLevel = 'normal';
  effect(() => {
    const now = level();
    untracked(() => {
      if (now !== before) {
        announcer.text.set(sentence(now));
      }
      before = now;
    });
  });
}
