import { withHttpClient } from 'genesys-statistics-rx/angular';
import { providers as statistics } from './statistics';

export const providers = statistics(withHttpClient());
