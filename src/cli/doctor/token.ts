/** Reads the expiry of a JSON Web Token from the token itself. Reads nothing else, and checks no signature. */

/** The expiry in epoch milliseconds; `undefined` if the token is no JSON Web Token, or has none. */
export function tokenEnd(token: string): number | undefined {
  const [, payload, signature] = token.split('.');
  if (payload === undefined || signature === undefined) {
    return undefined;
  }
  try {
    const { exp } = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as { exp?: unknown };
    return typeof exp === 'number' && Number.isFinite(exp) ? exp * 1000 : undefined;
  } catch {
    return undefined;
  }
}
