/**
 * All statistics requested so far, one shared entry per name (or definition) and object. Owns look-up, overrides and the cached text
 * of the current value. Knows neither subscriptions nor HTTP.
 */
import { OBJECT_TYPES, type Centre } from '../centre/centre.js';
import { CATALOGUE, type CatalogueEntry } from './catalogue.js';
import { compile } from './compile.js';
import { parseDefinition } from './definition.js';
import type { Measure } from './reading.js';
import { Refusal } from './refusal.js';
import { valueText } from './value.js';
import type { WireStyle } from './wire-style.js';

/** Object types of Stat Server that the simulator lacks. */
const ABSENT_TYPES: readonly string[] = [
  'Campaign', 'CampaignGroup', 'CallingList', 'CampaignCallingList', 'RegDN', 'Switch', 'Tenant', 'Workbin', 'StagingArea', 'RoutingStrategy',
];

/** A request for a statistic: a configured name or an inline definition, of one object. */
export interface Asked {
  readonly name: string | undefined;
  readonly definition: unknown;
  readonly objectId: string;
  readonly objectType: string;
}

/** The present value of a statistic as JSON text, and the time at which it was generated, in epoch ms or in the unit of the profile. */
export interface Current {
  readonly text: string;
  readonly at: number;
}

/** One statistic of one object. */
export class Statistic {
  #current: Current | null = null;
  #value: unknown;
  #second = -1;
  #override: Current | null = null;
  /** When an override last ended. The centre's value gets this timestamp if its own is older, so that timestamps never decrease. */
  #restoredAt = 0;
  #revision = -1;
  readonly #measure: Measure | null;
  readonly #centre: Centre;
  readonly #style: WireStyle;

  /** `measure` is `null` for a statistic unknown to the centre, which exists while it is overridden. */
  constructor(measure: Measure | null, centre: Centre, style: WireStyle) {
    this.#measure = measure;
    this.#centre = centre;
    this.#style = style;
  }

  /** Overrides the value from now on; `undefined` restores the centre's own. `at` is in epoch ms. */
  override(value: unknown, at: number): void {
    if (value === undefined && this.#override !== null) this.#restoredAt = at;
    const written = this.#style.written(at);
    this.#override = value === undefined ? null : { text: valueText(value, written), at: written };
    this.#second = -1;
  }

  /** Whether a test overrides the value. */
  get isScripted(): boolean {
    return this.#override !== null;
  }

  /** Whether the statistic has a value. */
  get known(): boolean {
    return this.#measure !== null || this.#override !== null;
  }

  /** The value at the epoch second `now`; `null` when there is none. */
  read(now: number): Current | null {
    if (this.#override !== null) return this.#override;
    if (this.#measure === null) return null;
    if (this.#second === now && this.#revision === this.#centre.revision) return this.#current;
    this.#second = now;
    this.#revision = this.#centre.revision;
    const reading = this.#measure(now);
    const { value } = reading;
    const at = this.#style.written(Math.max(reading.at * 1000, this.#restoredAt));
    // Makes the text anew only if the value or its time has changed.
    if (this.#current === null || value !== this.#value || at !== this.#current.at) {
      this.#value = value;
      this.#current = { text: valueText(value, at), at };
    }
    return this.#current;
  }
}

/** The statistics of a centre. */
export class Statistics {
  readonly #centre: Centre;
  readonly #style: WireStyle;
  readonly #byName = new Map<string, CatalogueEntry>(CATALOGUE.map((entry) => [entry.name, entry]));
  readonly #statistics = new Map<string, Statistic>();
  /** Names that are known only because of `override`. */
  readonly #scripted = new Set<string>();

  constructor(centre: Centre, style: WireStyle) {
    this.#centre = centre;
    this.#style = style;
  }

  /** Whether a name is configured, or scripted for some object. */
  knowsName(name: string): boolean {
    return this.#byName.has(name) || this.#scripted.has(name);
  }

  /** Finds a statistic. @throws Refusal if any part of the request is unknown or malformed. */
  find(asked: Asked): Statistic {
    const key = keyOf(asked);
    let statistic = this.#statistics.get(key);
    if (statistic === undefined) {
      statistic = new Statistic(this.#measure(asked), this.#centre, this.#style);
      this.#statistics.set(key, statistic);
    }
    // A statistic that is no longer overridden is refused like any unknown one.
    if (!statistic.known) this.#measure(asked);
    return statistic;
  }

  /** Overrides a value; `at` is in epoch ms. A statistic unknown to the centre is known while it is overridden. */
  override(asked: Asked, value: unknown, at: number): void {
    const key = keyOf(asked);
    let statistic = this.#statistics.get(key);
    if (statistic === undefined) {
      if (value === undefined) return;
      statistic = new Statistic(this.#measureIfKnown(asked), this.#centre, this.#style);
      this.#statistics.set(key, statistic);
    }
    if (asked.name !== undefined) this.#scripted.add(asked.name);
    statistic.override(value, at);
  }

  #measureIfKnown(asked: Asked): Measure | null {
    try {
      return this.#measure(asked);
    } catch (error) {
      if (error instanceof Refusal) return null;
      throw error;
    }
  }

  #measure({ name, definition, objectId, objectType }: Asked): Measure {
    const entry = name === undefined ? undefined : this.#byName.get(name);
    if (name !== undefined && entry === undefined) throw new Refusal(`no statistic is called ${JSON.stringify(name)}`);
    if (!(OBJECT_TYPES as readonly string[]).includes(objectType)) {
      throw new Refusal(
        ABSENT_TYPES.includes(objectType)
          ? `the simulator has no ${objectType}: no campaigns, workbins, tenants or single telephones. set() can script one`
          : `objectType must be one of ${OBJECT_TYPES.join(', ')}, got ${JSON.stringify(objectType)}`,
      );
    }
    const object = this.#centre.find(objectType, objectId);
    if (object === undefined) throw new Refusal(`there is no ${objectType} ${JSON.stringify(objectId)}`);
    if (entry !== undefined && !entry.objectTypes.includes(object.type)) {
      throw new Refusal(`${entry.name} is for ${entry.objectTypes.join(', ')}, not for ${objectType}`);
    }
    return compile(parseDefinition(entry === undefined ? definition : entry.definition), object, this.#style.shapes);
  }
}

/** The key of a statistic, equal for equal statistics whatever the order of a definition's fields. */
function keyOf({ name, definition, objectId, objectType }: Asked): string {
  return JSON.stringify([objectType, objectId, name ?? null, name === undefined ? sorted(definition) : null]);
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
}
