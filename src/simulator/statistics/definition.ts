/**
 * Inline definitions: untrusted JSON to a checked definition. Owns which keys are read and their bounds; must not know
 * the centre. Server-side keys (insensitivity, notification mode and so on) are checked for form and change nothing.
 */
import { parseMask, type Mask } from './mask.js';
import type { TimeRange } from './queue-measures.js';
import { Refusal } from './refusal.js';

const SUBJECTS = ['AgentStatus', 'GroupStatus', 'DNAction', 'Action', 'DNStatus'] as const;

/** The categories the simulator computes. */
export const CATEGORIES = [
  'TotalNumber',
  'TotalNumberInTimeRange',
  'TotalTime',
  'TotalAdjustedTime',
  'AverageTime',
  'AverageNumberPerRelativeHour',
  'CurrentNumber',
  'CurrentTime',
  'CurrentMaxTime',
  'CurrentState',
  'CurrentTargetState',
  'ServiceFactor1',
] as const;

/** One of {@link CATEGORIES}. */
export type Category = (typeof CATEGORIES)[number];

/** A definition the simulator understands. */
export interface Definition {
  readonly category: Category;
  readonly subject: (typeof SUBJECTS)[number];
  readonly main: Mask;
  /** `main` where none was given. */
  readonly relative: Mask;
  /** 0 to 120 s unless given otherwise. */
  readonly range: TimeRange;
  /** 0 to 10 s unless given otherwise. */
  readonly range2: TimeRange;
  /** A window of the last hour instead of growing from midnight. */
  readonly lastHour: boolean;
}

/** A definition as it is written: in the catalogue, or by a client. */
export interface WrittenDefinition {
  readonly [key: string]: unknown;
}

const LAST_HOUR = '3600:10';

/** Reads a definition. @throws Refusal when it is malformed or the simulator cannot compute it. */
export function parseDefinition(written: unknown): Definition {
  if (typeof written !== 'object' || written === null || Array.isArray(written)) {
    throw new Refusal('definition must be an object');
  }
  const from = written as WrittenDefinition;
  const category = oneOf(from, 'category', CATEGORIES);
  const subject = oneOf(from, 'subject', SUBJECTS);
  const needsMask = category !== 'ServiceFactor1' && !category.endsWith('State');
  const mainText = text(from, 'mainMask') ?? (needsMask ? undefined : '*');
  if (mainText === undefined) throw new Refusal(`definition.mainMask is required for ${category}`);
  const main = parseMask(mainText, 'definition.mainMask');
  const relativeText = text(from, 'relativeMask') ?? text(from, 'relMask');
  if (category === 'AverageNumberPerRelativeHour' && relativeText === undefined) {
    throw new Refusal(`definition.relativeMask is required for ${category}`);
  }
  checkNotification(from);
  return {
    category,
    subject,
    main,
    relative: relativeText === undefined ? main : parseMask(relativeText, 'definition.relativeMask'),
    range: range(from, 'timeRangeLeft', 'timeRangeRight', category === 'TotalNumberInTimeRange' ? undefined : 120),
    range2: range(from, 'timeRangeLeft2', 'timeRangeRight2', 10),
    lastHour: isLastHour(from),
  };
}

function oneOf<T extends string>(from: WrittenDefinition, key: string, known: readonly T[]): T {
  const value = text(from, key);
  const found = known.find((item) => item === value);
  if (found === undefined) {
    throw new Refusal(`definition.${key} must be one of ${known.join(', ')}, got ${JSON.stringify(value ?? null)}`);
  }
  return found;
}

function text(from: WrittenDefinition, key: string): string | undefined {
  const value = from[key];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string' || value.trim() === '') throw new Refusal(`definition.${key} must be a non-empty string`);
  return value;
}

/** Numbers also come as strings: configuration writes "10". */
function seconds(from: WrittenDefinition, key: string, fallback: number | undefined): number {
  const given = from[key];
  if ((given === undefined || given === null) && fallback !== undefined) return fallback;
  const value = typeof given === 'string' && given.trim() !== '' ? Number(given) : given;
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) {
    throw new Refusal(`definition.${key} must be a number of seconds, 0 or more`);
  }
  return value;
}

function range(from: WrittenDefinition, left: string, right: string, fallbackRight: number | undefined): TimeRange {
  return { left: seconds(from, left, fallbackRight === undefined ? undefined : 0), right: seconds(from, right, fallbackRight) };
}

function checkNotification(from: WrittenDefinition): void {
  const mode = text(from, 'notificationMode');
  if (mode !== undefined && !/^(immediate|periodical|reset|nonotification)$/i.test(mode)) {
    throw new Refusal(`definition.notificationMode must be Immediate, Periodical, Reset or NoNotification`);
  }
  seconds(from, 'notificationFrequency', 0);
  seconds(from, 'insensitivity', 0);
}

/** Growing from midnight is the default; of the sliding profiles the simulator has the one hour of missed calls. */
function isLastHour(from: WrittenDefinition): boolean {
  const profile = text(from, 'dynamicTimeProfile') ?? text(from, 'dynamicProfile');
  if (profile === undefined || profile === '0:00') return false;
  if (profile !== LAST_HOUR) {
    throw new Refusal(`definition.dynamicTimeProfile must be 0:00 (growing) or ${LAST_HOUR} (missed calls), got ${JSON.stringify(profile)}`);
  }
  return true;
}
