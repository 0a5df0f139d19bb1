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

/** Agents per made team. */
const TEAM_SIZE = 10;

const numbered = (prefix: string, n: number): string => `${prefix}${String(n).padStart(4, '0')}`;

/**
 * The built-in teams and, on top, `agents` agents (`agent0001` ...) in teams of ten (`Team0001` ...) and `queues` queues
 * (`Queue0001@SIP` ...) dealt out to these teams, or to the built-in ones when there are none.
 */
export function planTeams(agents: number, queues: number): TeamPlan[] {
  const builtIn: TeamPlan[] = [
    { name: 'SalesTeam', agents: ['kim', 'alex', 'sam', 'robin', 'chris', 'jo', 'emma'], queues: ['Sales@SIP'] },
    { name: 'SupportTeam', agents: ['max', 'pat', 'lee', 'toni', 'kai', 'noa'], queues: ['Support@SIP'] },
    { name: 'BillingTeam', agents: ['priya', 'ivan', 'zoe', 'omar', 'yuki'], queues: ['Billing@SIP'] },
  ];
  const made: TeamPlan[] = [];
  for (let n = 1; n <= agents; n++) {
    const index = Math.floor((n - 1) / TEAM_SIZE);
    made[index] ??= { name: numbered('Team', index + 1), agents: [], queues: [] };
    made[index].agents.push(numbered('agent', n));
  }
  const served = made.length > 0 ? made : builtIn;
  for (let n = 1; n <= queues; n++) served[(n - 1) % served.length]?.queues.push(`${numbered('Queue', n)}@SIP`);
  return [...builtIn, ...made];
}

/** The agent group that holds every agent and so covers every queue. */
export const ALL_AGENTS = 'AllAgents';

/** The queue group that holds every queue. */
export const ALL_QUEUES = 'AllQueues';
