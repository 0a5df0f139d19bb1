/** What the client needs of a cookie jar; browsers have their own, so only Node has one of these (`#cookies`). */
export interface CookieJar {
  /** The `Cookie` header for a URL, `''` for none. */
  header(url: string): string;
  /** Takes the `Set-Cookie` headers of an answer from `url`; unusable ones are ignored. */
  store(url: string, setCookies: readonly string[]): void;
}
