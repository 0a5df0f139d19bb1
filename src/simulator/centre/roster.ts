/** A user's roster: its shape, and its reading from JSON. Owns the checks. Does not know what is built from it. */
import { onlyKeys, wrong } from '../checks.js';

/** A group of agents, with the queues and route points that they serve. */
export interface RosterGroup {
  /** The object id of the agent group, and of the group of its agents' places. */
  readonly name: string;
  /** Object ids: employee ids, e-mail addresses or any other ids of a deployment. */
  readonly agents: readonly string[];
  /** Object ids, such as `Sales@SIP`. @defaultValue none */
  readonly queues?: readonly string[] | undefined;
  /** Object ids, such as `+15550123456@SIP`. A route point and a queue of the group with the same id are one object. @defaultValue none */
  readonly routePoints?: readonly string[] | undefined;
}

/**
 * The agents, groups, queues and route points of a contact centre, instead of the built-in ones. Names may be any text. An agent
 * may be in several groups, but only one of them may have queues or route points, which give it its calls.
 */
export interface Roster {
  readonly groups: readonly RosterGroup[];
  /** Groups of queues and route points. `AllQueues` has all of them unless it is given here. @defaultValue none */
  readonly queueGroups?: readonly { readonly name: string; readonly queues: readonly string[] }[] | undefined;
}

/** The queues and route points of a group, each name once. */
export const mediation = ({ queues = [], routePoints = [] }: RosterGroup): string[] => [...new Set([...queues, ...routePoints])];

/**
 * Reads a roster from JSON text, as `simulate --roster FILE` does.
 *
 * @throws RangeError naming the place in the roster, the value there and what was expected.
 */
export function parseRoster(json: string): Roster {
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch (error) {
    throw new RangeError(`roster is not JSON: ${(error as Error).message}`, { cause: error });
  }
  return checkRoster(parsed);
}

/** Checks a roster, and copies it. @throws RangeError as {@link parseRoster} does. */
export function checkRoster(value: unknown): Roster {
  onlyKeys('roster', value, ['groups', 'queueGroups']);
  const { groups, queueGroups = [] } = value as Record<string, unknown>;
  const checked = list('roster.groups', groups, 1).map((group, index) => checkGroup(`roster.groups[${index}]`, group));
  once('roster.groups', checked.map(({ name }) => name), 'is there twice');
  const serving = checked.filter((group) => mediation(group).length > 0);
  if (serving.length === 0) throw new RangeError('roster.groups: at least one group needs queues or routePoints');
  once('roster.groups', serving.flatMap(({ agents }) => agents), 'is in two groups with queues: its calls can come from one only');
  once('roster.groups', serving.flatMap(mediation), 'is served by two groups');
  const known = new Set(serving.flatMap(mediation));
  return {
    groups: checked,
    queueGroups: list('roster.queueGroups', queueGroups, 0).map((group, index) => {
      const at = `roster.queueGroups[${index}]`;
      onlyKeys(at, group, ['name', 'queues']);
      const { name, queues } = group as Record<string, unknown>;
      const members = names(`${at}.queues`, queues, 1);
      const unknown = members.find((member) => !known.has(member));
      if (unknown !== undefined) throw new RangeError(`${at}.queues has ${JSON.stringify(unknown)}, which no group of the roster serves`);
      return { name: text(`${at}.name`, name), queues: members };
    }),
  };
}

function checkGroup(at: string, value: unknown): RosterGroup {
  onlyKeys(at, value, ['name', 'agents', 'queues', 'routePoints']);
  const { name, agents, queues = [], routePoints = [] } = value as Record<string, unknown>;
  return {
    name: text(`${at}.name`, name),
    agents: names(`${at}.agents`, agents, 1),
    queues: names(`${at}.queues`, queues, 0),
    routePoints: names(`${at}.routePoints`, routePoints, 0),
  };
}

function list(at: string, value: unknown, least: number): readonly unknown[] {
  if (!Array.isArray(value) || value.length < least) throw wrong(at, value, `an array${least > 0 ? ' that is not empty' : ''}`);
  return value;
}

function names(at: string, value: unknown, least: number): string[] {
  const all = list(at, value, least).map((name, index) => text(`${at}[${index}]`, name));
  once(at, all, 'is there twice');
  return all;
}

function text(at: string, value: unknown): string {
  if (typeof value !== 'string' || value.trim() === '') throw wrong(at, value, 'a non-empty string');
  return value;
}

function once(at: string, all: readonly string[], why: string): void {
  const seen = new Set<string>();
  for (const name of all) {
    if (seen.has(name)) throw new RangeError(`${at}: ${JSON.stringify(name)} ${why}`);
    seen.add(name);
  }
}
