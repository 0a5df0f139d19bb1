/** The interface to sockets: a listener passes requests to an exchange. Implemented per platform. */
import type { Exchange } from './message.js';

/** A listening server. */
export interface Listener {
  readonly port: number;
  readonly sockets: { readonly open: number; readonly accepted: number };
  /** Ends every connection and stops listening. Resolves when all are closed. */
  close(): Promise<void>;
}

/** Listens. Rejects with the system's error if the port is not available. */
export type Listen = (exchange: Exchange, host: string, port: number) => Promise<Listener>;
