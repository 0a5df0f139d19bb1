/** Finds the proxy for a server in the environment, by the rules of Node's `fetch`. Pure. */

export interface Proxy {
  /** Host and port only, because the URL of a proxy may hold a password. */
  readonly host: string;
  readonly port: number;
  /** The environment variable that names it. */
  readonly variable: string;
  /** Whether Node uses the proxy, which it does only if an option or a variable says so. */
  readonly isUsed: boolean;
}

/** The proxy for a server, or `undefined`. */
export function proxyFor(url: URL, env: NodeJS.ProcessEnv, execArgv: readonly string[] = process.execArgv): Proxy | undefined {
  const names = url.protocol === 'https:' ? ['https_proxy', 'HTTPS_PROXY'] : ['http_proxy', 'HTTP_PROXY'];
  const variable = names.find((name) => (env[name] ?? '') !== '');
  const given = variable === undefined ? undefined : env[variable];
  if (variable === undefined || given === undefined || !URL.canParse(given) || isExempt(url, env['no_proxy'] ?? env['NO_PROXY'] ?? '')) {
    return undefined;
  }
  const { hostname, port, protocol } = new URL(given);
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port),
    variable,
    isUsed: env['NODE_USE_ENV_PROXY'] === '1' || execArgv.includes('--use-env-proxy') || (env['NODE_OPTIONS'] ?? '').includes('--use-env-proxy'),
  };
}

function isExempt({ hostname, port }: URL, noProxy: string): boolean {
  return noProxy.split(/[\s,]+/).some((entry) => {
    const [, name = '', only] = /^(.*?)(?::(\d+))?$/.exec(entry.toLowerCase()) ?? [];
    const suffix = name.replace(/^\*?\.?/, '');
    return entry === '*' || (suffix !== '' && (only === undefined || only === port) && (hostname === suffix || hostname.endsWith(`.${suffix}`)));
  });
}
