/** The queues, agents and targets of the wall. Put your own here. */
export const queues = ['Sales@SIP', 'Support@SIP', 'Billing@SIP'];

export const agents = ['kim', 'alex', 'sam', 'robin', 'chris', 'jo', 'emma', 'max', 'pat', 'lee', 'toni', 'kai', 'noa', 'priya', 'ivan', 'zoe', 'omar', 'yuki'];

/** The percentage of calls that should be answered in time. */
export const serviceLevelTarget = 80;

/** `Sales@SIP` is written `Sales`. */
export const titleOf = (queue: string): string => queue.replace(/@[^@]*$/, '');
