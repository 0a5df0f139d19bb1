/** The seam to sockets: a listener hands requests to an exchange. Implemented per platform. */
import type { Exchange } from './message.js';

/** A listening server. */
export interface Listener {
  readonly port: number;
  readonly sockets: { readonly open: number; readonly accepted: number };
  /** Ends every connection and stops listening; resolves when nothing is left. */
  close(): Promise<void>;
}

/** Listens. Rejects with the system's error when the port cannot be had. */
export type Listen = (exchange: Exchange, host: string, port: number) => Promise<Listener>;
