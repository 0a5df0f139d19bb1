/** The names of the teams, groups and queues to build. Owns the built-in names and the rule for generated ones. Does not know how they behave. */
import { mediation, type Roster } from './roster.js';

/** A team to build. Every agent and every queue is in exactly one team. */
export interface TeamPlan {
  readonly name: string;
  readonly agents: string[];
  readonly queues: string[];
}

/** A group to build, by the names of its parts. */
export interface GroupPlan {
  readonly name: string;
  readonly agents: readonly string[];
  readonly queues: readonly string[];
}

/** Another id for an object. */
export interface Alias {
  readonly type: 'Agent' | 'GroupAgents' | 'Queue' | 'RoutePoint';
  readonly id: string;
  readonly of: string;
  /** The public source that shows the id; `undefined` if it is made up. */
  readonly source?: string;
}

/** Everything to be built. */
export interface StaffPlan {
  readonly teams: readonly TeamPlan[];
  readonly groups: readonly GroupPlan[];
  readonly queueGroups: readonly GroupPlan[];
  /** Queues that have only one of the two types. Any other queue has both. */
  readonly only: ReadonlyMap<string, 'Queue' | 'RoutePoint'>;
  readonly aliases: readonly Alias[];
  /** Whether the names come from a user's roster. */
  readonly isOwn: boolean;
}

/** Agents per generated team, if there are enough queues. */
const TEAM_SIZE = 10;

/** The agent group of all agents, which covers all queues. */
const ALL_AGENTS = 'AllAgents';

/** The queue group that holds every queue. */
const ALL_QUEUES = 'AllQueues';

const BUILT_IN: Roster = {
  groups: [
    { name: 'SalesTeam', agents: ['kim', 'alex', 'sam', 'robin', 'chris', 'jo', 'emma'], queues: ['Sales@SIP'], routePoints: ['Sales@SIP'] },
    { name: 'SupportTeam', agents: ['max', 'pat', 'lee', 'toni', 'kai', 'noa'], queues: ['Support@SIP'], routePoints: ['Support@SIP'] },
    { name: 'BillingTeam', agents: ['priya', 'ivan', 'zoe', 'omar', 'yuki'], queues: ['Billing@SIP'], routePoints: ['Billing@SIP'] },
  ],
};

const AAS = 'agent-api-simulator';
const CLOUD = 'list of statistics of a cloud account';

/** Other ids of objects: the ids that public samples use, and one in the form of an e-mail address. */
const ALIASES: readonly Alias[] = [
  { type: 'Agent', id: 'kim@example.com', of: 'kim' },
  { type: 'Agent', id: 'JohnSmith', of: 'alex', source: AAS },
  { type: 'Queue', id: '9000@SIP_Switch', of: 'Sales@SIP', source: AAS },
  { type: 'RoutePoint', id: '+15550123456@us-east-1', of: 'Sales@SIP', source: CLOUD },
  ...BUILT_IN.groups.map(({ name }, index): Alias => ({ type: 'GroupAgents', id: `AgentGroupTeam${index + 1}`, of: name, source: CLOUD })),
];

const numbered = (prefix: string, n: number): string => `${prefix}${String(n).padStart(4, '0')}`;

/**
 * Plans the roster or the built-in teams, plus `agents` generated agents (`agent0001` ...) and `queues` generated queues
 * (`Queue0001@SIP` ...). Generated teams of ten or more agents (`Team0001` ...) serve the generated queues, so that every team has a
 * queue. Without generated queues, the generated agents join the other teams. Without generated agents, the other teams serve the
 * generated queues.
 *
 * @throws RangeError when a roster is malformed, or contains a name that is generated as well.
 */
export function planStaff(roster: Roster | undefined, agents: number, queues: number): StaffPlan {
  const base = roster ?? BUILT_IN;
  const own = teamsOf(base);
  const made = Array.from({ length: Math.min(Math.ceil(agents / TEAM_SIZE), queues) }, (_, index): TeamPlan => ({
    name: numbered('Team', index + 1), agents: [], queues: [],
  }));
  const grown = made.length > 0 ? made : own.filter((team) => team.queues.length > 0);
  // Agents with neighbouring numbers are in one team.
  for (let n = 1; n <= agents; n++) grown[Math.floor(((n - 1) * grown.length) / agents)]?.agents.push(numbered('agent', n));
  for (let n = 1; n <= queues; n++) grown[(n - 1) % grown.length]?.queues.push(`${numbered('Queue', n)}@SIP`);
  const teams = [...own, ...made];
  const everyAgent = teams.flatMap((team) => team.agents);
  const everyQueue = teams.flatMap((team) => team.queues);
  const groups: GroupPlan[] = base.groups.map((group) => {
    const team = own.find(({ name }) => name === group.name);
    return { name: group.name, agents: [...new Set([...group.agents, ...(team?.agents ?? [])])], queues: team?.queues ?? [] };
  });
  const queueGroups: GroupPlan[] = (base.queueGroups ?? []).map(({ name, queues: members }) => ({ name, agents: [], queues: members }));
  groups.push(...made);
  if (!groups.some(({ name }) => name === ALL_AGENTS)) groups.push({ name: ALL_AGENTS, agents: everyAgent, queues: everyQueue });
  if (!queueGroups.some(({ name }) => name === ALL_QUEUES)) queueGroups.push({ name: ALL_QUEUES, agents: [], queues: everyQueue });
  for (const [what, names] of [['agent', everyAgent], ['queue', everyQueue], ['group', groups.map(({ name }) => name)]] as const) {
    const seen = new Set<string>();
    for (const name of names) {
      if (seen.has(name)) throw new RangeError(`roster: the ${what} ${JSON.stringify(name)} is made by the options agents and queues as well`);
      seen.add(name);
    }
  }
  return { teams, groups, queueGroups, only: onlyOneType(base), aliases: roster === undefined ? ALIASES : [], isOwn: roster !== undefined };
}

/** Makes a team of each group. An agent belongs to the group with queues that names it, or else to the first group that does. */
function teamsOf({ groups }: Roster): TeamPlan[] {
  const serving = new Set(groups.filter((group) => mediation(group).length > 0).flatMap(({ agents }) => agents));
  const placed = new Set<string>();
  return groups
    .map((group): TeamPlan => {
      const queues = mediation(group);
      const agents = group.agents.filter((agent) => !placed.has(agent) && (queues.length > 0 || !serving.has(agent)));
      for (const agent of agents) placed.add(agent);
      return { name: group.name, agents, queues };
    })
    .filter(({ agents }) => agents.length > 0);
}

function onlyOneType({ groups }: Roster): Map<string, 'Queue' | 'RoutePoint'> {
  const queues = new Set(groups.flatMap((group) => group.queues ?? []));
  const routePoints = new Set(groups.flatMap((group) => group.routePoints ?? []));
  return new Map([
    ...[...queues].filter((name) => !routePoints.has(name)).map((name) => [name, 'Queue'] as const),
    ...[...routePoints].filter((name) => !queues.has(name)).map((name) => [name, 'RoutePoint'] as const),
  ]);
}
