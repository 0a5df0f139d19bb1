/** Starts, stops and restarts the server on the same port. Owns the timers of waiting requests. Does not look at their content. */
import { createExchange, type ExchangeContext } from './exchange.js';
import type { Listener } from './listener.js';
import type { Incoming, Outcome } from './message.js';
import { createCalls, type SimulatorTransport } from './transport.js';

/** The address to listen on; `undefined` if only the transport is used. */
export type Address = { readonly host: string; readonly port: number } | undefined;

/** A server that can be stopped and started. */
export interface Running {
  /** 0 before the first start, and if the server does not listen. */
  readonly port: number;
  readonly sockets: { readonly open: number; readonly accepted: number };
  readonly transport: SimulatorTransport;
  /** Rejects with the system's error if the port is not available, and after `close`. */
  start(): Promise<void>;
  /** Breaks off all requests and refuses new ones. Resolves when all connections are closed. */
  stop(): Promise<void>;
  /** Stops for good. */
  close(): Promise<void>;
}

/**
 * Makes a server that has not started yet.
 *
 * @param elsewhere - answers requests to other paths than the API's. It returns `undefined` to leave a request to the API.
 */
export function createRunning(
  context: Omit<ExchangeContext, 'pause'>, address: Address, elsewhere: (incoming: Incoming) => Promise<Outcome> | undefined,
): Running {
  const timers = new Set<ReturnType<typeof setTimeout>>();
  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(() => {
        timers.delete(timer);
        resolve();
      }, ms);
      timers.add(timer);
    });
  const api = createExchange({ ...context, pause });
  const exchange = (incoming: Incoming): Promise<Outcome> => elsewhere(incoming) ?? api(incoming);
  const calls = createCalls(exchange);
  let listener: Listener | undefined;
  let port = 0;
  let accepted = 0;
  let closed: Promise<void> | undefined;
  let last: Promise<void> = Promise.resolve();
  /** Runs starts and stops one after another, in the order of the calls. */
  const inTurn = (change: () => Promise<void>): Promise<void> => (last = last.then(change, change));

  const start = async (): Promise<void> => {
    if (address !== undefined && listener === undefined) {
      // Loads sockets on demand, so that the rest of the simulator loads in a browser.
      const { listen } = await import('#listen');
      listener = await listen(exchange, address.host, port === 0 ? address.port : port);
      port = listener.port;
    }
    calls.accept();
  };
  const stop = async (): Promise<void> => {
    calls.refuse();
    for (const timer of timers) clearTimeout(timer);
    timers.clear();
    const leaving = listener;
    listener = undefined;
    accepted += leaving?.sockets.accepted ?? 0;
    await leaving?.close();
  };
  return {
    get port() {
      return port;
    },
    get sockets() {
      const now = listener?.sockets ?? { open: 0, accepted: 0 };
      return { open: now.open, accepted: accepted + now.accepted };
    },
    transport: calls.transport,
    start: () => (closed === undefined ? inTurn(start) : Promise.reject(new Error('the simulator is closed'))),
    stop: () => inTurn(stop),
    close: () => (closed ??= inTurn(stop)),
  };
}
