/** Decides who may use the control plane: programs on this machine, and pages served from it. Knows no command. */
import type { Incoming } from '../server/message.js';

const isLoopback = (hostname: string): boolean => /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname);

function hostnameOf(url: string): string {
  try {
    return new URL(url).hostname;
  } catch {
    return '';
  }
}

/** The reason to refuse a request; `undefined` if it is allowed. */
export function refusalOf({ isLocal, headers }: Incoming): string | undefined {
  const { host, origin } = headers;
  if (!isLocal) return 'the control plane is for this machine only';
  // Prevents DNS rebinding: a foreign host name that resolves to this machine must not give access to the pages of that host.
  if (host !== undefined && !isLoopback(hostnameOf(`http://${host}`))) return 'the control plane is reached by a loopback name only';
  if (origin !== undefined && !isLoopback(hostnameOf(origin))) return 'the control plane is for pages of this machine only';
  return undefined;
}
