/**
 * The commands of the control plane: each method and path stands for a call that a test in the same process could make. Owns the
 * table and the reading of bodies. Does not know who may use them.
 */
import { onlyKeys, wrong } from '../checks.js';
import type { ToldStatus } from '../direction.js';
import type { FaultScript } from '../faults.js';
import { OPERATIONS, type RecordedRequest } from '../ledger.js';
import type { Simulator, StatisticTarget } from '../simulator-type.js';
import { CATALOGUE } from '../statistics/catalogue.js';

/** One command. `:id` in a path is one segment, percent-decoded. */
interface Command {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly does: string;
  run(body: Readonly<Record<string, unknown>>, id: string, query: URLSearchParams): unknown;
}

/** The result of a command; or the allowed methods, if the command does not exist. */
export type CommandResult = { readonly result: unknown } | { readonly allowed: readonly string[] };

/** Makes the function that runs commands, which throws a RangeError for an unusable argument. `path` is the rest after `/__simulator`. */
export function createCommands(simulator: Simulator): (method: string, path: string, query: URLSearchParams, body: unknown) => CommandResult {
  const undoFault = new Map<string, () => void>();
  let faults = 0;
  const commands: readonly Command[] = [
    { method: 'GET', path: '', does: 'lists these commands', run: () => commands.map(({ method, path, does }) => ({ method, path: `/__simulator${path}`, does })) },
    {
      method: 'POST', path: '/set', does: '{ name or definition, objectId, objectType, value }: a statistic has this value; without value its own again',
      run(body) {
        onlyKeys('set', body, ['name', 'definition', 'objectId', 'objectType', 'value']);
        const { value, ...target } = body;
        simulator.set(target as unknown as StatisticTarget, value);
      },
    },
    {
      method: 'POST', path: '/fault', does: '{ kind, operation, times, after, probability, lasts ... }: scripts a fault; times may be "Infinity". Answers its id',
      run(body) {
        if (body['kind'] === 'rewrite') throw wrong('fault.kind', 'rewrite', 'a kind without a function; use body here');
        const script = { ...body, ...(body['times'] === 'Infinity' ? { times: Infinity } : {}) };
        const undo = simulator.fault(script as unknown as FaultScript);
        const id = String(++faults);
        undoFault.set(id, undo);
        return { id };
      },
    },
    {
      method: 'DELETE', path: '/fault', does: 'undoes every fault',
      run() {
        simulator.clearFaults();
        undoFault.clear();
      },
    },
    {
      method: 'DELETE', path: '/fault/:id', does: 'undoes one',
      run(_, id) {
        const undo = undoFault.get(id);
        if (undo === undefined) throw new RangeError(`there is no fault ${JSON.stringify(id)}`);
        undo();
        undoFault.delete(id);
      },
    },
    {
      method: 'POST', path: '/advance', does: '{ ms }: moves simulated time on; answers the time it is then',
      run(body) {
        onlyKeys('advance', body, ['ms']);
        simulator.advance(body['ms'] as number);
        return { now: simulator.centre.now() };
      },
    },
    { method: 'GET', path: '/ledger', does: 'what was asked: ids, counts, and the latest requests (?requests=N, 100 unless given), without secrets', run: (_, __, query) => ledgerOf(simulator, query) },
    { method: 'DELETE', path: '/ledger', does: 'forgets what was recorded; subscriptions stay', run: () => simulator.ledger.clear() },
    { method: 'GET', path: '/agents', does: 'every agent now', run: () => simulator.centre.agents() },
    { method: 'GET', path: '/agents/:id', does: 'one agent now', run: (_, id) => simulator.agent(id).report() },
    {
      method: 'POST', path: '/agents/:id', does: '{ status }: the agent becomes Ready, NotReady, AfterCallWork, LoggedOut ...',
      run(body, id) {
        onlyKeys('agent', body, ['status']);
        const agent = simulator.agent(id);
        agent.become(body['status'] as ToldStatus);
        return agent.report();
      },
    },
    { method: 'GET', path: '/queues', does: 'every queue and route point now', run: () => simulator.centre.queues() },
    { method: 'GET', path: '/queues/:id', does: 'one of them now', run: (_, id) => simulator.queue(id).report() },
    {
      method: 'POST', path: '/queues/:id', does: '{ arrive }: this number of calls comes in now',
      run(body, id) {
        onlyKeys('queue', body, ['arrive']);
        const queue = simulator.queue(id);
        queue.arrive(body['arrive'] as number);
        return queue.report();
      },
    },
    {
      method: 'POST', path: '/rush', does: '{ factor, ms }: multiplies the usual traffic, for ms of simulated time',
      run(body) {
        onlyKeys('rush', body, ['factor', 'ms']);
        simulator.rush(body['factor'] as number, body['ms'] as number);
      },
    },
    {
      method: 'POST', path: '/forget', does: '{ id }: the server forgets a subscription; without id all',
      run(body) {
        onlyKeys('forget', body, ['id']);
        simulator.forget(optionalText('id', body['id']));
      },
    },
    {
      method: 'POST', path: '/expire-token', does: '{ newToken }: the token is refused from now on; answers the new one',
      run(body) {
        onlyKeys('expire-token', body, ['newToken']);
        return { newToken: simulator.expireToken(optionalText('newToken', body['newToken'])) };
      },
    },
    { method: 'GET', path: '/objects', does: 'every object that statistics can be asked of', run: () => simulator.objects() },
    { method: 'GET', path: '/catalogue', does: 'every configured statistic', run: () => CATALOGUE },
  ];

  return (method, path, query, body) => {
    const [, name = '', id, ...more] = path.replace(/\/$/, '').split('/');
    const wanted = more.length > 0 ? 'none' : `${name === '' ? '' : `/${name}`}${id === undefined ? '' : '/:id'}`;
    const here = commands.filter((command) => command.path === wanted);
    const command = here.find((each) => each.method === method);
    if (command === undefined) return { allowed: here.map((each) => each.method) };
    if (body !== undefined && (typeof body !== 'object' || body === null || Array.isArray(body))) throw wrong('the body', body, 'a JSON object');
    return { result: command.run((body ?? {}) as Record<string, unknown>, decoded(id ?? ''), query) };
  };
}

function decoded(id: string): string {
  try {
    return decodeURIComponent(id);
  } catch {
    throw new RangeError('the percent-encoding is malformed');
  }
}

function optionalText(name: string, value: unknown): string | undefined {
  if (value !== undefined && (typeof value !== 'string' || value === '')) throw wrong(name, value, 'a non-empty string');
  return value;
}

const SECRETS = ['authorization', 'x-api-key', 'cookie'];

function ledgerOf({ ledger }: Simulator, query: URLSearchParams): object {
  const most = Number(query.get('requests') ?? 100);
  if (!Number.isSafeInteger(most) || most < 0) throw wrong('requests', query.get('requests'), 'a whole number from 0');
  const { opened, deleted, open, sockets, connections, requests } = ledger;
  const counts = Object.fromEntries(OPERATIONS.map((operation) => [operation, ledger.count(operation)]));
  return { opened, deleted, open, sockets, connections, counts, requests: most === 0 ? [] : requests.slice(-most).map(withoutSecrets) };
}

function withoutSecrets(request: RecordedRequest): RecordedRequest {
  const headers = Object.entries(request.headers).map(([name, value]) => [name, SECRETS.includes(name) ? '(hidden)' : value]);
  return { ...request, headers: Object.fromEntries(headers) as Record<string, string> };
}
