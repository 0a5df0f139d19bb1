/** A bus between the tabs of one origin. Everything public, by name. */
export { tabsBus } from './tabs-bus.js';
export type { TabsBusOptions } from './tabs-bus.js';
