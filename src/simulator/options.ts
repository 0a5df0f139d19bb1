/** The options of a simulator, their defaults and bounds. Owns the checks. Does not know what an option does. */
import { checkRoster, type Roster } from './centre/roster.js';
import { LONGEST_TIMER, number, onlyKeys, whole, wrong } from './checks.js';
import { PROFILES, type Profile } from './profiles.js';

/** Options of `createSimulator`. All are optional, and an explicit `undefined` means the default. */
export interface SimulatorOptions {
  /** `false`: opens no port, so that only `simulator.transport` reaches the server. @defaultValue `true` */
  readonly listen?: boolean | undefined;
  /** TCP port, 0..65535; 0 takes a free one. @defaultValue `0` */
  readonly port?: number | undefined;
  /** Address to listen on. `'0.0.0.0'` and `'::'` are every address; `url` then leads to the loopback one. @defaultValue `'127.0.0.1'` */
  readonly host?: string | undefined;
  /** The same seed, `startAt` and sizes give the same contact centre. A whole number, 0..2^53-1. @defaultValue `1` */
  readonly seed?: number | undefined;
  /** `'real'`: time passes by itself; `'manual'`: only `advance()` moves it. @defaultValue `'real'` */
  readonly clock?: 'real' | 'manual' | undefined;
  /** Simulated milliseconds per real one, more than 0 and at most 10,000; with the real clock only. @defaultValue `1` */
  readonly speed?: number | undefined;
  /**
   * Simulated time at the beginning: a Date, or epoch ms (10^11 or more: less would be seconds). Totals begin at midnight UTC, so
   * they are near zero soon after it. @defaultValue `Date.now()`
   */
  readonly startAt?: number | Date | undefined;
  /** Every request must carry it as `x-api-key`, else 403. @defaultValue none */
  readonly apiKey?: string | undefined;
  /** Every request must carry it as `Authorization: Bearer`, else 401. @defaultValue none */
  readonly token?: string | undefined;
  /** More statistics than this in one POST are answered 413. At least 1. @defaultValue no limit */
  readonly maxStatistics?: number | undefined;
  /** The kind of server to behave like. `profiles` lists them, each with its public source or marked as a guess. @defaultValue `'reference'` */
  readonly profile?: Profile | undefined;
  /**
   * If some statistics of a POST /subscriptions are wrong: opens the others and lists the wrong ones in `errors`, instead of
   * refusing all. @defaultValue `false`
   */
  readonly partial?: boolean | undefined;
  /**
   * Agents, groups, queues and route points of your own, instead of the built-in ones. `parseRoster` reads one from JSON.
   *
   * @defaultValue 18 agents in three teams, with a queue each
   */
  readonly roster?: Roster | undefined;
  /**
   * Agents `agent0001` ... in addition to the built-in 18 or the roster, 0..100,000. They form teams of ten or more (`Team0001` ...),
   * which serve the generated queues. Without generated queues, they join the other teams. @defaultValue `0`
   */
  readonly agents?: number | undefined;
  /**
   * Queues `Queue0001@SIP` ... in addition to the built-in three or the roster, 0..100,000. The traffic adapts to the number of
   * agents. @defaultValue `0`
   */
  readonly queues?: number | undefined;
  /**
   * Serves the control plane `/__simulator/...` on the same port, for tests in another process or language. Only programs and pages
   * of this machine may use it. `GET /__simulator` lists its commands. @defaultValue `false`
   */
  readonly control?: boolean | undefined;
  /** Real milliseconds before a request is handled, 0..2^31-1. @defaultValue `0` */
  readonly latency?: number | undefined;
}

/** The options with every default filled in. */
export interface Settings {
  readonly listen: boolean;
  readonly port: number;
  readonly host: string;
  readonly seed: number;
  readonly clock: 'real' | 'manual';
  readonly speed: number;
  readonly startAt: number;
  readonly apiKey: string | undefined;
  readonly token: string | undefined;
  readonly maxStatistics: number;
  readonly profile: Profile;
  readonly partial: boolean;
  readonly roster: Roster | undefined;
  readonly agents: number;
  readonly queues: number;
  readonly control: boolean;
  readonly latency: number;
}

/** The names of all options. Others are refused, because a misspelt option would silently have its default. */
const OPTIONS = Object.keys({
  listen: true, port: true, host: true, seed: true, clock: true, speed: true, startAt: true, apiKey: true, token: true,
  maxStatistics: true, profile: true, partial: true, roster: true, agents: true, queues: true, control: true, latency: true,
} satisfies Record<keyof SimulatorOptions, true>);

/** Checks the options and fills in the defaults. @throws RangeError naming the option, its value (never a secret) and what was expected. */
export function readSimulatorOptions(options: SimulatorOptions): Settings {
  onlyKeys('createSimulator', options, OPTIONS);
  return {
    listen: boolean('listen', options.listen, true),
    port: whole('port', options.port, 0, 0, 65_535),
    host: text('host', options.host) ?? '127.0.0.1',
    seed: whole('seed', options.seed, 1, 0, Number.MAX_SAFE_INTEGER),
    clock: clock(options.clock),
    speed: number('speed', options.speed, 1, Number.MIN_VALUE, 10_000),
    startAt: time('startAt', options.startAt),
    apiKey: text('apiKey', options.apiKey),
    token: text('token', options.token),
    maxStatistics: whole('maxStatistics', options.maxStatistics, Infinity, 1, Number.MAX_SAFE_INTEGER),
    profile: profile(options.profile),
    partial: boolean('partial', options.partial, false),
    roster: options.roster === undefined ? undefined : checkRoster(options.roster),
    agents: whole('agents', options.agents, 0, 0, 100_000),
    queues: whole('queues', options.queues, 0, 0, 100_000),
    control: boolean('control', options.control, false),
    latency: number('latency', options.latency, 0, 0, LONGEST_TIMER),
  };
}

/** Numbers below 10^11 are refused, because they are probably seconds: as milliseconds they would lie before 1973. */
function time(name: string, value: unknown): number {
  if (value === undefined) return Date.now();
  const ms = value instanceof Date ? value.getTime() : value;
  if (typeof ms === 'number' && ms >= 1e11 && ms <= 8.64e15) return ms;
  if (typeof ms === 'number' && ms >= 1e8 && ms < 1e11) {
    throw new RangeError(`${name} must be a Date or epoch milliseconds, got ${ms}, which looks like seconds: multiply it by 1000`);
  }
  throw wrong(name, value instanceof Date ? 'an invalid Date' : value, 'a Date or epoch milliseconds, 10^11 or more');
}

function text(name: string, value: unknown): string | undefined {
  if (value === undefined) return undefined;
  // The message names the type only, because the value may be a secret.
  if (typeof value !== 'string' || value === '') {
    throw new RangeError(`${name} must be a non-empty string, got ${value === '' ? 'an empty one' : typeof value}`);
  }
  return value;
}

function boolean(name: string, value: unknown, fallback: boolean): boolean {
  if (value !== undefined && typeof value !== 'boolean') throw wrong(name, value, 'true or false');
  return value ?? fallback;
}

function clock(value: unknown): 'real' | 'manual' {
  if (value !== undefined && value !== 'real' && value !== 'manual') throw wrong('clock', value, "'real' or 'manual'");
  return value ?? 'real';
}

function profile(value: unknown): Profile {
  const found = PROFILES.find(({ name }) => name === (value ?? 'reference'));
  if (found === undefined) throw wrong('profile', value, `one of ${PROFILES.map(({ name }) => name).join(', ')}`);
  return found.name;
}
