/** The contents of a wallboard: its queues, agents, names of statistics, and targets. Data only. */

export interface BoardObject {
  readonly objectId: string;
  readonly objectType: string;
  /** The name on the board. */
  readonly label: string;
}

/** The statistics of a queue's row. Each name was seen on real systems. */
export const queueNames = {
  waiting: 'Current_In_Queue',
  longestWait: 'CurrMaxCallWaitingTime',
  serviceLevel: 'ServiceLevel',
  answered: 'Total_Answered',
  abandoned: 'Total_Abandoned',
  averageWait: 'AverageWaitingTime',
} as const;

/** The statistics of an agent's row. */
export const agentNames = { state: 'CurrentAgentState', timeInState: 'TimeInCurrentState', calls: 'InboundCalls' } as const;

export type QueueKey = keyof typeof queueNames;
export type AgentKey = keyof typeof agentNames;

/** The goal for the service level, and the limits for the other numbers. */
export interface Targets {
  /** The percentage of calls answered in time. */
  readonly serviceLevel: number;
  /** The percentage of the calls offered. */
  readonly abandonRate: number;
  /** Calls. */
  readonly waiting: number;
  /** Seconds. */
  readonly longestWait: number;
}

export const defaultTargets: Targets = { serviceLevel: 80, abandonRate: 5, waiting: 5, longestWait: 120 };

export interface BoardPlan {
  readonly title: string | undefined;
  readonly queues: readonly BoardObject[];
  readonly agents: readonly BoardObject[];
  readonly names: Readonly<Record<QueueKey | AgentKey, string>>;
  readonly targets: Targets;
}

const object = (objectType: string) => (objectId: string): BoardObject => ({ objectId, objectType, label: objectId });

/** The board of the simulated centre. */
export const demoPlan: BoardPlan = {
  title: undefined,
  queues: ['Sales@SIP', 'Support@SIP', 'Billing@SIP'].map(object('Queue')),
  agents: [
    'kim', 'alex', 'sam', 'robin', 'chris', 'jo', 'emma', 'max', 'pat', 'lee', 'toni', 'kai', 'noa', 'priya', 'ivan', 'zoe', 'omar', 'yuki',
  ].map(object('Agent')),
  names: { ...queueNames, ...agentNames },
  targets: defaultTargets,
};
