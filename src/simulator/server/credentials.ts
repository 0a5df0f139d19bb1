/** The API key, the token and the session cookie. Owns the secrets and their check. Knows no endpoint. */
import { randomId } from '../random-id.js';
import { ApiError } from './answer.js';
import type { RequestHeaders } from './message.js';
import { BASE_PATH } from './route.js';

const COOKIE = 'STATISTICS_SESSIONID';

/** Checks requests, and lets the token expire. */
export interface Credentials {
  /** @throws ApiError 403 for the key, 401 for the token. */
  check(headers: RequestHeaders): void;
  /** Accepts only `newToken` from now on, a generated one by default. Returns it. */
  expireToken(newToken?: string): string;
}

/** Holds the required key and token; `undefined` requires none. */
export function createCredentials(apiKey: string | undefined, firstToken: string | undefined): Credentials {
  let token = firstToken;
  return {
    check(headers) {
      if (apiKey !== undefined && headers['x-api-key'] !== apiKey) throw new ApiError(403, 'x-api-key is missing or wrong');
      // The vendor's own C# sample writes "bearer".
      if (token !== undefined && headers['authorization']?.replace(/^bearer /i, '') !== token) {
        throw new ApiError(401, 'the token is missing, wrong or expired', [], { 'WWW-Authenticate': 'Bearer' });
      }
    },
    expireToken(newToken = randomId()) {
      token = newToken;
      return token;
    },
  };
}

/** Sets the cookie of a new session if the request has none. Nothing in the simulator depends on the session. */
export function sessionCookie({ cookie }: RequestHeaders): Record<string, string> {
  const has = (cookie ?? '').split(';').some((pair) => pair.trim().toUpperCase().startsWith(`${COOKIE}=`));
  return has ? {} : { 'Set-Cookie': `${COOKIE}=${randomId()}; Path=${BASE_PATH}; HttpOnly` };
}
