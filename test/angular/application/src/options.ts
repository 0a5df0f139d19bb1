/** The page's own origin, which passes the API on; on the server the API itself. */
export const options = () => ({
  baseUrl: typeof process === 'undefined' ? new URL('/statistics/v3', location.origin) : (process.env['STATISTICS_URL'] ?? 'http://127.0.0.1:1'),
  poll: { interval: 200, maxInterval: 200 },
});
