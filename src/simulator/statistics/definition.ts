/**
 * Reads inline definitions: from untrusted JSON to a checked definition. Owns the keys and their bounds. Refuses every key that the
 * simulator cannot honour. Knows nothing of the centre.
 */
import { LONGEST_WINDOW, type SlidingWindow } from '../centre/recent.js';
import { parseMask, type Mask } from './mask.js';
import type { TimeRange } from './queue-measures.js';
import { Refusal } from './refusal.js';

const SUBJECTS = ['AgentStatus', 'PlaceStatus', 'GroupStatus', 'DNAction', 'Action', 'DNStatus'] as const;

/** The categories that the simulator computes. */
export const CATEGORIES = [
  'TotalNumber',
  'TotalNumberInTimeRange',
  'TotalNumberInTimeRangePercentage',
  'TotalTime',
  'TotalAdjustedTime',
  'AverageTime',
  'AverageNumberPerRelativeHour',
  'RelativeNumberPercentage',
  'RelativeTimePercentage',
  'CurrentNumber',
  'CurrentNumberInTimeRange',
  'CurrentRelativeNumberPercentage',
  'CurrentTime',
  'CurrentMaxTime',
  'CurrentAverageTime',
  'CurrentState',
  'CurrentTargetState',
  'ServiceFactor1',
] as const;

/** One of {@link CATEGORIES}. */
export type Category = (typeof CATEGORIES)[number];

/** A subject that the simulator computes. */
export type Subject = (typeof SUBJECTS)[number];

/** A definition that the simulator understands. */
export interface Definition {
  readonly category: Category;
  readonly subject: Subject;
  readonly main: Mask;
  /** The relative mask; `main` if none was given. */
  readonly relative: Mask;
  /** In seconds; only for categories with a time range. */
  readonly range: TimeRange;
  readonly range2: TimeRange;
  /** A sliding window, instead of one that grows from midnight. */
  readonly window: SlidingWindow | null;
  /** Its object types; `null` if it names none. */
  readonly objectTypes: readonly string[] | null;
}

/** A definition as the catalogue or a client writes it. */
export interface WrittenDefinition {
  readonly [key: string]: unknown;
}

/** Keys that are read elsewhere, or that concern only the pushing and storing of values. */
const OTHER_KEYS = ['name', 'description', 'location', 'features', 'saveHistory', 'notificationMode', 'notificationFrequency', 'insensitivity'];
const KEYS = [
  'category', 'subject', 'mainMask', 'relativeMask', 'relMask', 'dynamicFilter', 'filter', 'mediaType', 'objects', 'objectTypes', 'intervalType',
  'intervalLength', 'dynamicTimeProfile', 'dynamicProfile', 'timeProfile', 'timeRangeLeft', 'timeRangeRight', 'timeRangeLeft2', 'timeRangeRight2', ...OTHER_KEYS,
];

/** Reads a definition. @throws Refusal if it is malformed, or if the simulator cannot compute it. */
export function parseDefinition(written: unknown): Definition {
  if (typeof written !== 'object' || written === null || Array.isArray(written)) {
    throw new Refusal('definition must be an object');
  }
  const from = written as WrittenDefinition;
  const unknown = Object.keys(from).find((key) => !KEYS.includes(key));
  if (unknown !== undefined) throw new Refusal(`the simulator knows no definition.${unknown.slice(0, 80)}, only ${KEYS.join(', ')}`);
  const category = oneOf(from, 'category', CATEGORIES);
  const subject = oneOf(from, 'subject', SUBJECTS);
  const needsMask = category !== 'ServiceFactor1' && !category.endsWith('State');
  const mainText = text(from, 'mainMask') ?? (needsMask ? undefined : '*');
  if (mainText === undefined) throw new Refusal(`definition.mainMask is required for ${category}`);
  const main = parseMask(mainText, 'definition.mainMask');
  const relativeText = text(from, 'relativeMask') ?? text(from, 'relMask');
  if (relativeText === undefined && (category === 'AverageNumberPerRelativeHour' || category.includes('Relative'))) {
    throw new Refusal(`definition.relativeMask is required for ${category}`);
  }
  checkNotification(from);
  checkMedia(from);
  return {
    category,
    subject,
    main,
    relative: relativeText === undefined ? main : parseMask(relativeText, 'definition.relativeMask'),
    ...ranges(from, category),
    window: windowOf(from, category),
    objectTypes: objectTypesOf(from),
  };
}

/** Reads one of the known words. Ignores case, because public samples differ in it. */
function oneOf<T extends string>(from: WrittenDefinition, key: string, known: readonly T[]): T {
  const value = text(from, key);
  const found = known.find((item) => item.toLowerCase() === value?.trim().toLowerCase());
  if (found === undefined) {
    throw new Refusal(`definition.${key} must be one of ${known.join(', ')}, got ${JSON.stringify(value?.slice(0, 80) ?? null)}`);
  }
  return found;
}

function text(from: WrittenDefinition, key: string): string | undefined {
  const value = from[key];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string' || value.trim() === '') throw new Refusal(`definition.${key} must be a non-empty string`);
  return value;
}

/** Reads a number of seconds, or a string with one, because configurations write "10". */
function seconds(from: WrittenDefinition, key: string): number | undefined {
  const given = from[key];
  if (given === undefined || given === null) return undefined;
  const value = typeof given === 'string' && given.trim() !== '' ? Number(given) : given;
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) {
    throw new Refusal(`definition.${key} must be a number of seconds, 0 or more`);
  }
  return value;
}

const NO_RANGE: TimeRange = { left: 0, right: 0 };

/** The time ranges of a category. Both bounds are required, because any default would be a guess at the server's. */
function ranges(from: WrittenDefinition, category: Category): { readonly range: TimeRange; readonly range2: TimeRange } {
  const read = (suffix: '' | '2', applies: boolean): TimeRange => {
    const [left, right] = [`timeRangeLeft${suffix}`, `timeRangeRight${suffix}`].map((key): number => {
      const value = seconds(from, key);
      if (applies && value === undefined) throw new Refusal(`definition.${key} must be a number of seconds, 0 or more: ${category} needs it`);
      if (!applies && value !== undefined) throw new Refusal(`definition.${key} does not apply to ${category}`);
      return value ?? 0;
    });
    if (left === undefined || right === undefined) return NO_RANGE;
    if (left > right) throw new Refusal(`definition.timeRangeLeft${suffix} is greater than definition.timeRangeRight${suffix}`);
    return { left, right };
  };
  const isFactor = category === 'ServiceFactor1';
  return { range: read('', isFactor || category.includes('InTimeRange')), range2: read('2', isFactor) };
}

function checkNotification(from: WrittenDefinition): void {
  const mode = text(from, 'notificationMode');
  if (mode !== undefined && !/^(immediate|periodical|reset|nonotification)$/i.test(mode)) {
    throw new Refusal(`definition.notificationMode must be Immediate, Periodical, Reset or NoNotification`);
  }
  seconds(from, 'notificationFrequency');
  seconds(from, 'insensitivity');
}

/** Accepts only a filter on voice, which all calls pass, because every call here is a voice call. */
function checkMedia(from: WrittenDefinition): void {
  for (const key of ['dynamicFilter', 'filter']) {
    const filter = text(from, key);
    if (filter !== undefined && !/^\(?\s*media_?type\s*={1,2}\s*["']?voice["']?\s*\)?$/i.test(filter.trim())) {
      throw new Refusal(`the simulator cannot honour definition.${key} ${JSON.stringify(filter.slice(0, 80))}: it has voice calls without attached data, so MediaType=voice alone`);
    }
  }
  const media = text(from, 'mediaType');
  if (media !== undefined && media.toLowerCase() !== 'voice') throw new Refusal(`definition.mediaType must be voice, got ${JSON.stringify(media.slice(0, 80))}: the simulator has nothing else`);
}

/** Reads the object types, which some samples call `objects` and others `objectTypes`. */
function objectTypesOf(from: WrittenDefinition): readonly string[] | null {
  const types = ['objects', 'objectTypes'].flatMap((key) => text(from, key)?.split(',') ?? []).map((type) => type.trim());
  return types.length === 0 ? null : types;
}

/**
 * Reads the window of time. A profile with two plain numbers is a sliding window and its step. By default, the window grows from
 * midnight UTC.
 */
function windowOf(from: WrittenDefinition, category: Category): SlidingWindow | null {
  const type = text(from, 'intervalType');
  if (type !== undefined && !/^(growing|sliding)window$/i.test(type)) {
    throw new Refusal(`definition.intervalType must be GrowingWindow or SlidingWindow, got ${JSON.stringify(type.slice(0, 80))}`);
  }
  const length = seconds(from, 'intervalLength');
  const profile = text(from, 'dynamicTimeProfile') ?? text(from, 'dynamicProfile') ?? text(from, 'timeProfile');
  const isMidnight = profile !== undefined && /^0{1,2}:00$/.test(profile);
  const isSliding = type === undefined ? profile !== undefined && !isMidnight : /^sliding/i.test(type);
  if (!isSliding) {
    if (profile !== undefined && !isMidnight) throw new Refusal(`definition.dynamicTimeProfile must be 0:00 for a growing window: the simulator starts anew at midnight UTC only, got ${JSON.stringify(profile.slice(0, 80))}`);
    return null;
  }
  const [, given = length, step = 1] = (profile === undefined ? null : /^(\d{1,6}):(\d{1,6})$/.exec(profile))?.map(Number) ?? [];
  if ((profile !== undefined && !/^\d{1,6}:\d{1,6}$/.test(profile)) || given === undefined) {
    throw new Refusal(`definition.dynamicTimeProfile must be LENGTH:STEP in seconds for a sliding window, got ${JSON.stringify(profile?.slice(0, 80) ?? null)}`);
  }
  if (category.startsWith('Current')) throw new Refusal(`a sliding window does not apply to ${category}, which is of now`);
  if (given < 1 || given > LONGEST_WINDOW || step < 1 || step > given) {
    throw new Refusal(`definition.dynamicTimeProfile must be a window of 1 to ${LONGEST_WINDOW} s and a step within it, got ${given}:${step}`);
  }
  return { length: given, step };
}
