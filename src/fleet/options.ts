/** The options of a fleet client: those of an ordinary one, and what concerns the fleet. */
import { numberIn, unfit } from '../checks/arguments.js';
import type { StatisticsClientOptions } from '../index.js';
import type { Bus } from './bus.js';
import { maxDelay } from './clock.js';

/**
 * Options of {@link createFleetClient}: those of an ordinary client, and what concerns the fleet. Processes of one fleet should
 * have the same ones: the leader polls by its own. There is no `journal`: it is kept on the bus.
 */
export interface FleetClientOptions extends Omit<StatisticsClientOptions, 'journal'> {
  /** What connects the processes: `redisBus(...)`, `tabsBus(...)` or `memoryBus()`. */
  readonly bus: Bus;
  /** Milliseconds after which a leader that is not heard of is replaced: 300 to 2^31-1. @defaultValue 3000 */
  readonly lease?: number | undefined;
  /**
   * What happens while the bus is away for longer than `lease`. `'wait'`: values stay and turn stale in time. `'direct'`: each
   * process polls for itself, which costs the server an upstream for each. @defaultValue 'wait'
   */
  readonly withoutBus?: 'wait' | 'direct' | undefined;
}

/** The options as a fleet client uses them. */
export interface FleetSettings {
  readonly bus: Bus;
  readonly lease: number;
  readonly withoutBus: 'wait' | 'direct';
  /** Milliseconds. */
  readonly linger: number;
  readonly staleAfter: number;
  /** The name of the fleet on the bus: members with the same room share one leader. */
  readonly room: string;
  /** Options of the ordinary clients inside. */
  readonly client: StatisticsClientOptions;
}

/** Reads what concerns the fleet. The client's own options are checked by making a client of them: see `createFleetClient`. */
export function readFleetOptions(given: FleetClientOptions): FleetSettings {
  if (typeof given !== 'object' || (given as unknown) === null) {
    throw unfit('options', given, 'an object');
  }
  // Own properties only: additions to Object.prototype are no wish of the caller's.
  const { bus, lease, withoutBus, ...client } = Object.assign(Object.create(null) as FleetClientOptions, given);
  if (Object.hasOwn(given, 'journal')) {
    throw unfit('journal', (given as StatisticsClientOptions).journal, 'left out: the journal of a fleet is kept on its bus');
  }
  if (typeof (bus as Partial<Bus> | undefined | null)?.join !== 'function') {
    throw unfit('bus', bus, 'redisBus(...), tabsBus(...) or memoryBus()');
  }
  if (!['wait', 'direct', undefined].includes(withoutBus)) {
    throw unfit('withoutBus', withoutBus, "'wait' or 'direct'");
  }
  const term = numberIn('lease', lease ?? 3000, { least: 300, most: maxDelay });
  const { poll = {}, sharing = {}, request = {} } = client;
  const maxInterval = poll.maxInterval ?? Math.max(30_000, poll.interval ?? 5000);
  return {
    bus,
    lease: term,
    withoutBus: withoutBus ?? 'wait',
    // Demand is to end within two leases of the last observer (G17).
    linger: Math.min(sharing.linger ?? 1000, term),
    staleAfter: poll.staleAfter ?? 2 * maxInterval + (request.timeout ?? 10_000),
    room: roomOf(client.baseUrl),
    client,
  };
}

/** The base URL as a client normalises it, so that all who ask the same server meet. */
function roomOf(baseUrl: string | URL): string {
  const { origin, pathname } = new URL(baseUrl);
  return origin + pathname.replace(/\/+$/, '');
}
