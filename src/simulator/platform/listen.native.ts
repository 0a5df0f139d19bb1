/**
 * For platforms without listening sockets: browsers, workers, and jsdom with their conditions. Only the simulator's transport works
 * there.
 */
import type { Listen } from '../server/listener.js';

/** Rejects: there is nothing to listen with. */
export const listen: Listen = () =>
  Promise.reject(new Error('the simulator cannot listen on this platform: pass { listen: false }, and use simulator.transport'));
