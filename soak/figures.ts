/** What is measured of the client's own process while it has nothing to do, and what becomes of that over time. */
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';

export interface Sample {
  /** Hours since the first. */
  readonly at: number;
  /** Megabytes in use after a collection. */
  readonly heap: number;
  /** What holds the process, by kind. */
  readonly handles: Readonly<Record<string, number>>;
  /** Milliseconds by which the event loop was late since the last sample, at the 99th percentile. */
  readonly delay: number;
}

export interface Sampler {
  readonly samples: readonly Sample[];
  take(): Promise<Sample>;
  end(): void;
}

const megabyte = 2 ** 20;
const resolution = 10;

export function createSampler(): Sampler {
  const collect = globalThis.gc;
  if (collect === undefined) {
    throw new Error('to be run with --expose-gc');
  }
  const samples: Sample[] = [];
  const begun = performance.now();
  const delays = monitorEventLoopDelay({ resolution });
  delays.enable();
  return {
    samples,
    async take() {
      const delay = Math.max(0, delays.percentile(99) / 1e6 - resolution);
      // What is weakly held is let go some turns of the loop after a collection, and may hold what the next one finds.
      for (let round = 0; round < 3; round++) {
        collect();
        await wait(30);
      }
      const handles: Record<string, number> = {};
      for (const kind of process.getActiveResourcesInfo()) {
        handles[kind] = (handles[kind] ?? 0) + 1;
      }
      const sample = { at: (performance.now() - begun) / 3_600_000, heap: process.memoryUsage().heapUsed / megabyte, handles, delay };
      samples.push(sample);
      delays.reset();
      return sample;
    },
    end: () => delays.disable(),
  };
}

/** A line through points: its slope, and how far that can be from the true one by chance (two standard errors). */
export function fit(points: readonly (readonly [x: number, y: number])[]): { readonly slope: number; readonly within: number } {
  const n = points.length;
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / n;
  const [mx, my] = [mean(points.map(([x]) => x)), mean(points.map(([, y]) => y))];
  const sxx = points.reduce((sum, [x]) => sum + (x - mx) ** 2, 0);
  const slope = points.reduce((sum, [x, y]) => sum + (x - mx) * (y - my), 0) / sxx;
  const residual = points.reduce((sum, [x, y]) => sum + (y - my - slope * (x - mx)) ** 2, 0);
  return { slope, within: n > 2 ? 2 * Math.sqrt(residual / (n - 2) / sxx) : Infinity };
}

export const handleCount = ({ handles }: Sample): number => Object.values(handles).reduce((sum, count) => sum + count, 0);
