/**
 * Who works in the centre and which queues there are: names only. Owns the built-in names and the rule for made ones;
 * must not know what any of them does.
 */

/** A team to be staffed: every agent and queue is in exactly one. */
export interface TeamPlan {
  readonly name: string;
  readonly agents: string[];
  readonly queues: string[];
}

/** Agents per made team, when there are queues enough. */
const TEAM_SIZE = 10;

const numbered = (prefix: string, n: number): string => `${prefix}${String(n).padStart(4, '0')}`;

/**
 * The built-in teams and, on top, `agents` agents (`agent0001` ...) and `queues` queues (`Queue0001@SIP` ...). Made queues
 * are served by made teams of ten (`Team0001` ...), or larger ones so that no team is without a queue. Without made queues
 * the made agents join the built-in teams, and without made agents the made queues are served by these.
 */
export function planTeams(agents: number, queues: number): TeamPlan[] {
  const builtIn: TeamPlan[] = [
    { name: 'SalesTeam', agents: ['kim', 'alex', 'sam', 'robin', 'chris', 'jo', 'emma'], queues: ['Sales@SIP'] },
    { name: 'SupportTeam', agents: ['max', 'pat', 'lee', 'toni', 'kai', 'noa'], queues: ['Support@SIP'] },
    { name: 'BillingTeam', agents: ['priya', 'ivan', 'zoe', 'omar', 'yuki'], queues: ['Billing@SIP'] },
  ];
  const made = Array.from({ length: Math.min(Math.ceil(agents / TEAM_SIZE), queues) }, (_, index): TeamPlan => ({
    name: numbered('Team', index + 1), agents: [], queues: [],
  }));
  const grown = made.length > 0 ? made : builtIn;
  // Neighbours in number are in one team.
  for (let n = 1; n <= agents; n++) grown[Math.floor(((n - 1) * grown.length) / agents)]?.agents.push(numbered('agent', n));
  for (let n = 1; n <= queues; n++) grown[(n - 1) % grown.length]?.queues.push(`${numbered('Queue', n)}@SIP`);
  return [...builtIn, ...made];
}

/** The agent group that holds every agent and so covers every queue. */
export const ALL_AGENTS = 'AllAgents';

/** The queue group that holds every queue. */
export const ALL_QUEUES = 'AllQueues';
