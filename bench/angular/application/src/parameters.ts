/** The measurement to make: named by the address in a browser, by the environment on a server. */
export function parameters(): { readonly baseUrl: string; readonly tiles: number } {
  const given = typeof ngServerMode !== 'undefined' && ngServerMode ? new URLSearchParams(process.env['BENCH_PARAMETERS']) : new URLSearchParams(location.search);
  return { baseUrl: given.get('url') ?? 'http://127.0.0.1:1', tiles: Number(given.get('tiles') ?? 1) };
}
