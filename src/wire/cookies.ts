/** What the client needs of a cookie jar. Only Node has one of these (`#cookies`), since browsers keep their own. */
export interface CookieJar {
  /** The `Cookie` header for a URL, `''` for none. */
  header(url: string): string;
  /** Takes the `Set-Cookie` headers of an answer from `url`, and ignores unusable ones. Returns the values of the cookies it took. */
  store(url: string, setCookies: readonly string[]): readonly string[];
}
