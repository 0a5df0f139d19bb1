/** `ng test` in the DOM that Angular itself has for servers: no other is installed. */
import { defineConfig } from 'vitest/config';

export default defineConfig({ test: { environment: './domino.ts' } });
