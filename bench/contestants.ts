/** The contestants, by the names of their files in `contestants/`. */

export interface Description {
  readonly title: string;
  /** Requests each statistic by itself, so it is polled fewer times. */
  readonly each?: true;
  /** Polls from start to start, so it polls more rarely: otherwise a poll could run into the next. */
  readonly byTheClock?: true;
}

export const contestants = {
  limit: { title: 'no library' },
  'limit-slices': { title: 'no library, parsing what changed' },
  ours: { title: 'genesys-statistics-rx' },
  'careful-rxjs': { title: 'careful RxJS' },
  vendor: { title: "the vendor's client" },
  'query-core-one': { title: 'query-core, one query' },
  'query-core-each': { title: 'query-core, a query per statistic', each: true },
  recipe: { title: 'the tutorial recipe', each: true, byTheClock: true },
  'ours-unnudged': { title: 'genesys-statistics-rx, unnudged' },
} as const satisfies Record<string, Description>;

export type Name = keyof typeof contestants;

export const names = Object.keys(contestants) as readonly Name[];

export function describe(name: Name): Description {
  return contestants[name];
}
