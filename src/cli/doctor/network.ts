/** The steps below HTTP: the URL, the name, the connection, the certificate. None of them sends a secret. */
import { lookup } from 'node:dns/promises';
import { readFile } from 'node:fs/promises';
import { connect, isIP } from 'node:net';
import { connect as connectTls, type PeerCertificate } from 'node:tls';
import { failed, ok, skipped, warning, type Finding } from './finding.js';
import type { Proxy } from './proxy.js';

export interface Network {
  readonly url: URL;
  readonly proxy: Proxy | undefined;
  /** Milliseconds for each step. */
  readonly timeout: number;
  readonly env: NodeJS.ProcessEnv;
}

/** A certificate that expires within this number of milliseconds gets a warning. */
const soon = 14 * 86_400_000;

const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[|\]$/g, '');
const portOf = ({ port, protocol }: URL): number => (port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port));
const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? (error as Error).message;

/** Advice if a proxy is set that Node ignores, as it does by default. If the proxy is the only way out, no server answers. */
function proxyAdvice(proxy: Proxy | undefined): string {
  return proxy?.isUsed === false ? ` ${proxy.variable} is set, but Node goes through it only with NODE_USE_ENV_PROXY=1: set that too.` : '';
}

export async function checkName({ url, proxy, timeout }: Network): Promise<Finding> {
  const host = hostOf(url);
  if (proxy?.isUsed === true) {
    return skipped('name', `the proxy ${proxy.host} looks ${host} up`);
  }
  if (isIP(host) !== 0) {
    return skipped('name', `${host} is an address`);
  }
  try {
    const addresses = await within(timeout, lookup(host, { all: true }));
    return ok('name', `${host} is ${addresses.map(({ address }) => address).join(', ')}`);
  } catch (error) {
    const code = codeOf(error);
    const advice =
      code === 'ENOTFOUND'
        ? `Check how ${host} is spelt, and whether it is known only within a VPN.`
        : 'The name server does not answer: check the network, and the VPN.';
    return failed('name', `${host} cannot be resolved: ${code}`, `${advice}${proxyAdvice(proxy)}`);
  }
}

export function checkTcp({ url, proxy, timeout }: Network): Promise<Finding> {
  const isProxied = proxy?.isUsed === true;
  const [host, port] = isProxied ? [proxy.host, proxy.port] : [hostOf(url), portOf(url)];
  const where = `${isProxied ? 'the proxy ' : ''}${host}:${port}`;
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const done = (finding: Finding): void => {
      socket.destroy();
      resolve(finding);
    };
    socket.setTimeout(timeout, () => done(failed('TCP', `${where} does not answer within ${timeout} ms`, `A firewall drops the connection, or the VPN is off.${proxyAdvice(proxy)}`)));
    socket.once('connect', () => done(ok('TCP', `connected to ${where}`)));
    socket.once('error', (error) => {
      const code = codeOf((error as Partial<AggregateError>).errors?.[0] ?? error);
      const advice = code === 'ECONNREFUSED' ? `Nothing listens on port ${port}: check the port, and whether the server runs.` : 'Check the network, the VPN and the firewall.';
      done(failed('TCP', `${where} cannot be reached: ${code}`, `${advice}${proxyAdvice(proxy)}`));
    });
  });
}

export async function checkTls(network: Network): Promise<Finding> {
  const { url, proxy, timeout, env } = network;
  if (url.protocol === 'http:') {
    return skipped('TLS', 'http: has none');
  }
  if (proxy?.isUsed === true) {
    return skipped('TLS', 'the connection goes through the proxy: HTTP shows whether the certificate is trusted');
  }
  const extra = env['NODE_EXTRA_CA_CERTS'];
  const isExtraReadable = extra === undefined || extra === '' ? undefined : await readFile(extra, 'utf8').then((text) => text.includes('BEGIN CERTIFICATE'), () => false);
  const finding = await handshake(url, timeout);
  if (isExtraReadable === false) {
    const verdict = `NODE_EXTRA_CA_CERTS names ${String(extra)}, which cannot be read or holds no certificate: Node ignores it`;
    return finding.status === 'failed'
      ? failed('TLS', `${finding.verdict}; and ${verdict}`, 'Let NODE_EXTRA_CA_CERTS name the PEM file of the authority.')
      : warning('TLS', verdict, 'Correct the variable, or unset it.');
  }
  return finding;
}

/**
 * Makes the handshake without verification, so that a bad certificate can be described. The connection is closed with nothing sent.
 * The client itself always verifies.
 */
function handshake(url: URL, timeout: number): Promise<Finding> {
  const host = hostOf(url);
  return new Promise((resolve) => {
    const socket = connectTls({ host, port: portOf(url), ...(isIP(host) === 0 ? { servername: host } : {}), rejectUnauthorized: false });
    const done = (finding: Finding): void => {
      socket.destroy();
      resolve(finding);
    };
    socket.setTimeout(timeout, () => done(failed('TLS', `the server takes the connection, but does not answer the handshake within ${timeout} ms`, 'The port may not speak TLS, or a firewall holds the handshake up: check the port, and ask the network administrator.')));
    socket.once('error', (error) => {
      const code = codeOf(error);
      done(failed('TLS', `the handshake fails: ${code}`, /WRONG_VERSION|PACKET_LENGTH|ECONNRESET|RECORD/.test(code) ? 'The port does not speak TLS: check the port, or whether the server is http:.' : 'Ask the server\'s administrator which TLS versions it speaks.'));
    });
    socket.once('secureConnect', () => {
      const certificate = socket.getPeerCertificate();
      const reason = socket.authorized ? undefined : String(socket.authorizationError);
      done(reason === undefined ? trusted(certificate, socket.getProtocol()) : distrusted(reason, certificate, host));
    });
  });
}

function trusted(certificate: PeerCertificate, protocol: string | null): Finding {
  const end = Date.parse(certificate.valid_to);
  const verdict = `${protocol ?? 'TLS'}, certificate of ${nameOf(certificate)} by ${issuerOf(certificate)}, until ${certificate.valid_to}`;
  return end - Date.now() < soon ? warning('TLS', verdict, 'The certificate ends soon: it has to be renewed on the server.') : ok('TLS', verdict);
}

function distrusted(reason: string, certificate: PeerCertificate, host: string): Finding {
  const [issuer, name] = [issuerOf(certificate), nameOf(certificate)];
  // OpenSSL reports only one reason, which may be another one although the certificate has expired.
  if (reason.includes('EXPIRED') || Date.parse(certificate.valid_to) < Date.now()) {
    return failed('TLS', `the certificate of ${name} ended on ${certificate.valid_to}`, 'It has to be renewed on the server. If it has not ended yet, check the clock of this machine.');
  }
  if (reason.includes('NOT_YET_VALID')) {
    return failed('TLS', `the certificate of ${name} begins on ${certificate.valid_from}`, 'Check the clock of this machine, then ask the administrator of the server.');
  }
  if (reason.includes('ALTNAME') || reason.includes('HOSTNAME')) {
    return failed('TLS', `the certificate is for ${certificate.subjectaltname ?? name}, not for ${host}`, 'Use a name that the certificate holds, or have one issued for this name.');
  }
  return failed(
    'TLS',
    `the certificate of ${name}, signed by ${issuer}, is not trusted: ${reason}`,
    'Get the certificate of that authority as a PEM file from your administrator, and let NODE_EXTRA_CA_CERTS name it. Never switch verification off.',
  );
}

// A server may present no certificate at all.
const nameOf = ({ subject }: Partial<PeerCertificate>): string => first(subject?.CN) ?? 'no name';
const issuerOf = ({ issuer }: Partial<PeerCertificate>): string => first(issuer?.O) ?? first(issuer?.CN) ?? 'nobody';
const first = (text: string | string[] | undefined): string | undefined => [text ?? []].flat()[0];

async function within<T>(timeout: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  try {
    return await Promise.race([promise, new Promise<never>((_, reject) => (timer = setTimeout(() => reject(new Error(`no answer within ${timeout} ms`)), timeout)))]);
  } finally {
    clearTimeout(timer);
  }
}
