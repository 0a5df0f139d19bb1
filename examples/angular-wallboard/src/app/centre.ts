/** Who is on the wall: name your own queues, agents and targets here. */
export const queues = ['Sales@SIP', 'Support@SIP', 'Billing@SIP'];

export const agents = ['kim', 'alex', 'sam', 'robin', 'chris', 'jo', 'emma', 'max', 'pat', 'lee', 'toni', 'kai', 'noa', 'priya', 'ivan', 'zoe', 'omar', 'yuki'];

/** Percent of the calls that are to be answered in time. */
export const serviceLevelTarget = 80;

/** `Sales@SIP` is written `Sales`. */
export const titleOf = (queue: string): string => queue.replace(/@[^@]*$/, '');
