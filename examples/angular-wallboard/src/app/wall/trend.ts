/** A figure over the last half hour against its target: drawn by uPlot, with a table for screen readers. */
import { Component, DestroyRef, ElementRef, afterNextRender, afterRenderEffect, computed, inject, input, signal, viewChild } from '@angular/core';
import uPlot from 'uplot';
import { NOW, clockTime } from '../now.js';
import { History, span, type Point } from './history.js';

@Component({
  selector: 'app-trend',
  template: `
    <p class="legend" aria-hidden="true">30 min<span>target {{ target() }}%</span></p>
    <div #canvas class="canvas" aria-hidden="true"></div>
    <table class="spoken">
      <caption>Last half hour, target {{ target() }} %</caption>
      <thead><tr><th scope="col">Time</th><th scope="col">Percent</th></tr></thead>
      <tbody>
        @for (row of rows(); track row.time) {
          <tr><td>{{ row.at }}</td><td>{{ row.value }}</td></tr>
        }
      </tbody>
    </table>
  `,
})
export class Trend {
  readonly name = input.required<string>();
  readonly value = input<number | null>();
  readonly target = input.required<number>();
  readonly stale = input(false);
  private readonly canvas = viewChild.required<ElementRef<HTMLElement>>('canvas');
  readonly #now = inject(NOW);
  readonly #history = inject(History);
  readonly #points = signal<readonly Point[]>([]);
  /** The latest value of each five minutes. */
  readonly rows = computed(() => {
    const latest = new Map(this.#points().map((point) => [Math.floor(point.time / 300_000), point]));
    return [...latest.values()].map(({ time, value }) => ({ time, at: clockTime(time), value: value === null ? 'no value' : value.toFixed(0) }));
  });

  constructor() {
    const destroyRef = inject(DestroyRef);
    afterNextRender(() => {
      if (!('ResizeObserver' in globalThis)) {
        // Without layout, as in a test of a tile, there is nothing to draw on.
        return;
      }
      const host = this.canvas().nativeElement;
      const plot = new uPlot(this.#options(host), [[], [], []], host);
      const resized = new ResizeObserver(() => plot.setSize({ width: host.clientWidth, height: host.clientHeight }));
      resized.observe(host);
      const scheme = matchMedia('(prefers-color-scheme: dark)');
      const redraw = (): void => plot.redraw();
      scheme.addEventListener('change', redraw);
      destroyRef.onDestroy(() => {
        scheme.removeEventListener('change', redraw);
        resized.disconnect();
        plot.destroy();
      });
      this.#plot.set(plot);
    });
    afterRenderEffect(() => {
      const [plot, now, value] = [this.#plot(), this.#now(), this.value()];
      if (plot === undefined || now === undefined || value === undefined) {
        return;
      }
      const points = this.#history.add(this.name(), { time: now, value: this.stale() ? null : value });
      const times = points.map(({ time }) => time / 1000);
      plot.setData([times, points.map((point) => point.value), times.map(() => this.target())], false);
      plot.setScale('x', { min: (now - span) / 1000, max: now / 1000 });
      this.#points.set(points);
    });
  }

  readonly #plot = signal<uPlot | undefined>(undefined);

  #options(host: HTMLElement): uPlot.Options {
    const colour = (name: string) => (): string => getComputedStyle(host).getPropertyValue(name);
    const width = Math.max(1.5, host.clientHeight / 28);
    return {
      width: host.clientWidth,
      height: host.clientHeight,
      legend: { show: false },
      cursor: { show: false },
      axes: [{ show: false }, { show: false }],
      scales: { x: { time: true, range: (_plot, from, to) => [from, to] }, y: { range: [40, 100] } },
      series: [{}, { stroke: colour('--ink'), width, points: { show: false } }, { stroke: colour('--quiet'), width: width / 2, dash: [6, 5], points: { show: false } }],
    };
  }
}
