/**
 * For platforms without listening sockets: browsers, workers, and jsdom, which resolves packages like a browser. Only the simulator's
 * transport works there.
 */
import type { Listen } from '../server/listener.js';

/** Rejects, because the platform cannot listen. */
export const listen: Listen = () =>
  Promise.reject(new Error('the simulator cannot listen on this platform: pass { listen: false }, and use simulator.transport'));
