/** Reads a board from a JSON file as described by docs/board.schema.json. Owns the messages for mistakes in it. */
import { readFile } from 'node:fs/promises';
import { suggestion } from '../arguments/nearest.js';
import { UsageError } from '../arguments/usage-error.js';
import { fileProblem } from '../file-problem.js';
import { agentNames, defaultTargets, queueNames, type BoardObject, type BoardPlan, type Targets } from './plan.js';

const keys = ['$schema', 'title', 'queues', 'agents', 'names', 'targets'];
const objectKeys = ['objectId', 'objectType', 'label'];
const mostObjects = 10_000;

/** @throws UsageError that names the file and the unusable place in it */
export async function readBoardFile(file: string): Promise<BoardPlan> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new UsageError(`--board: ${fileProblem(error, file)}`);
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`--board: ${file} is not JSON: ${(error as Error).message}`);
  }
  try {
    return readBoard(json);
  } catch (error) {
    throw error instanceof UsageError ? new UsageError(`--board: ${file}: ${error.message}`) : error;
  }
}

/** @throws UsageError that names the unusable place */
export function readBoard(json: unknown): BoardPlan {
  const board = recordOf(json, 'the board', keys);
  const queues = objectsOf(board['queues'], 'queues', 'Queue');
  const agents = objectsOf(board['agents'], 'agents', 'Agent');
  if (queues.length + agents.length === 0) {
    throw new UsageError('the board must have queues or agents');
  }
  const allNames = { ...queueNames, ...agentNames };
  const names = board['names'] === undefined ? {} : recordOf(board['names'], 'names', Object.keys(allNames));
  const targets = board['targets'] === undefined ? {} : recordOf(board['targets'], 'targets', Object.keys(defaultTargets));
  return {
    title: board['title'] === undefined ? undefined : textOf(board['title'], 'title'),
    queues,
    agents,
    names: { ...allNames, ...Object.fromEntries(Object.entries(names).map(([key, name]) => [key, textOf(name, `names.${key}`)])) },
    targets: { ...defaultTargets, ...Object.fromEntries(Object.entries(targets).map(([key, target]) => [key, targetOf(target, key as keyof Targets)])) },
  };
}

function objectsOf(given: unknown, place: string, byDefault: string): BoardObject[] {
  if (given === undefined) {
    return [];
  }
  if (!Array.isArray(given) || given.length > mostObjects) {
    throw unfit(place, given, `a list of at most ${mostObjects} ids, or of objects with ${objectKeys.join(', ')}`);
  }
  return given.map((one: unknown, index): BoardObject => {
    const where = `${place}[${index}]`;
    if (typeof one === 'string') {
      const objectId = textOf(one, where);
      return { objectId, objectType: byDefault, label: objectId };
    }
    const object = recordOf(one, where, objectKeys);
    const objectId = textOf(object['objectId'], `${where}.objectId`);
    const optional = (key: string, otherwise: string): string => (object[key] === undefined ? otherwise : textOf(object[key], `${where}.${key}`));
    return { objectId, objectType: optional('objectType', byDefault), label: optional('label', objectId) };
  });
}

function recordOf(given: unknown, place: string, known: readonly string[]): Readonly<Record<string, unknown>> {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw unfit(place, given, `an object with ${known.join(', ')}`);
  }
  const unknown = Object.keys(given).find((key) => !known.includes(key));
  if (unknown !== undefined) {
    throw new UsageError(`${place} has no ${JSON.stringify(unknown.slice(0, 80))}, only ${known.join(', ')}${suggestion(unknown, known)}`);
  }
  return given as Readonly<Record<string, unknown>>;
}

function textOf(given: unknown, place: string): string {
  if (typeof given !== 'string' || given.trim() === '') {
    throw unfit(place, given, 'a text that is not empty');
  }
  return given;
}

function targetOf(given: unknown, key: keyof Targets): number {
  const most = key === 'serviceLevel' || key === 'abandonRate' ? 100 : 1e6;
  if (typeof given !== 'number' || !(given >= 0 && given <= most)) {
    throw unfit(`targets.${key}`, given, `a number from 0 to ${most}`);
  }
  return given;
}

function unfit(place: string, given: unknown, expected: string): UsageError {
  return new UsageError(`${place} must be ${expected}, got ${given === undefined ? 'nothing' : JSON.stringify(given).slice(0, 80)}`);
}
