/** A browser keeps its own cookies and shows them to no script, so there is nothing to do. */
import type { CookieJar } from '../cookies.js';

export const createCookieJar = (): Promise<CookieJar | undefined> => Promise.resolve(undefined);
