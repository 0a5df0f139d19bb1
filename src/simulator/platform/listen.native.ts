/**
 * Where there are no sockets to listen on: browsers, workers, and jsdom under their conditions. The simulator is used by its
 * transport there.
 */
import type { Listen } from '../server/listener.js';

/** Rejects: there is nothing to listen with. */
export const listen: Listen = () =>
  Promise.reject(new Error('the simulator cannot listen on this platform: pass { listen: false }, and use simulator.transport'));
