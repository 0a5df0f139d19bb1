/** A configured statistic as a typed constant. Knows no statistic by name. */
import { objectWith, textOf, unfit } from '../../checks/arguments.js';
import type { KpiUnit } from '../formulas/formula.js';

/** The unit of a number, or a state. */
export type StatisticUnit = KpiUnit | 'state';

const units: readonly StatisticUnit[] = ['percent', 'ratio', 'seconds', 'perHour', 'count', 'state'];

/** An object of one of the types that a statistic applies to. */
export interface TypedObject<T extends string> {
  readonly objectId: string;
  readonly objectType: T;
}

/** The argument of {@link defineStatistic}. */
export interface StatisticSpec<T extends readonly [string, ...string[]]> {
  /** The name in the deployment's configuration. */
  readonly name: string;
  /** The types of object that it applies to. */
  readonly objectTypes: T;
  readonly unit: StatisticUnit;
}

/** A configured statistic. `of` makes a definition of it for `subscription$` and `peekAll$`. */
export interface DefinedStatistic<T extends readonly [string, ...string[]] = readonly [string, ...string[]]> extends StatisticSpec<T> {
  /**
   * The statistic of one object: given by its id if there is only one type, otherwise by id and type.
   *
   * @throws StatisticsOptionError for an unusable object.
   */
  of(this: void, object: T extends readonly [infer Only extends string] ? string | TypedObject<Only> : TypedObject<T[number]>): {
    readonly name: string;
  } & TypedObject<T[number]>;
}

/**
 * Makes a typed constant for a statistic that a deployment configures. It is only a convenience: streams take any string as a name.
 *
 * @throws StatisticsOptionError when a part is unusable.
 *
 * @example
 * const answeredInTime = defineStatistic({ name: 'Answered_In_20s', objectTypes: ['Queue'], unit: 'count' });
 * client.subscription$({ answeredWithin: answeredInTime.of('Sales@SIP') });
 */
export function defineStatistic<const T extends readonly [string, ...string[]]>(spec: StatisticSpec<T>): DefinedStatistic<T> {
  const read = objectWith('statistic', spec, ['name', 'objectTypes', 'unit']);
  const name = textOf('name', read['name']);
  const types = read['objectTypes'];
  if (!Array.isArray(types) || types.length === 0) {
    throw unfit('objectTypes', types, 'a non-empty array of object types');
  }
  const objectTypes = Object.freeze(types.map((type, index) => textOf(`objectTypes[${index}]`, type))) as unknown as T;
  if (!units.includes(spec.unit)) {
    throw unfit('unit', spec.unit, `one of ${units.join(', ')}`);
  }
  return Object.freeze({
    name,
    objectTypes,
    unit: spec.unit,
    of(object: string | TypedObject<string>) {
      // An object given by its id alone has the only type that there is.
      const onlyType = objectTypes.length === 1 ? objectTypes[0] : undefined;
      const { objectId, objectType } = typeof object === 'string' ? { objectId: object, objectType: onlyType } : objectWith('object', object, ['objectId', 'objectType']);
      if (!objectTypes.includes(objectType as string)) {
        throw unfit('objectType', objectType, `one of ${objectTypes.join(', ')} for ${name}`);
      }
      return Object.freeze({ name, objectId: textOf('objectId', objectId), objectType: objectType as string });
    },
  });
}
