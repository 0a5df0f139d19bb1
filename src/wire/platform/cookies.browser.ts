/** A browser keeps cookies itself and hides `Set-Cookie` from scripts, so there is no cookie jar. */
import type { CookieJar } from '../cookies.js';

export const createCookieJar = (): Promise<CookieJar | undefined> => Promise.resolve(undefined);
