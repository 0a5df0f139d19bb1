/** How changes are detected: without zone.js. */
import { provideZonelessChangeDetection } from '@angular/core';

export const detection = provideZonelessChangeDetection();
