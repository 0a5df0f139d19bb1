/** The cookie jar as the client uses it. Only Node has an implementation (`#cookies`), because browsers keep cookies themselves. */
export interface CookieJar {
  /** The `Cookie` header for a URL, `''` for none. */
  header(url: string): string;
  /** Stores the `Set-Cookie` headers of an answer from `url`, and ignores unusable ones. Returns the values of the stored cookies. */
  store(url: string, setCookies: readonly string[]): readonly string[];
}
