import { providers as statistics } from './statistics';

export const providers = statistics();
