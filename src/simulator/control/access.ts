/**
 * Who may use the control plane: programs on this machine, and pages that were served from it. Owns that decision; must not
 * know the commands.
 */
import type { Incoming } from '../server/message.js';

const isLoopback = (hostname: string): boolean => /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname);

function hostnameOf(url: string): string {
  try {
    return new URL(url).hostname;
  } catch {
    return '';
  }
}

/** Why a request is refused; `undefined` where it may pass. */
export function refusalOf({ isLocal, headers }: Incoming): string | undefined {
  const { host, origin } = headers;
  if (!isLocal) return 'the control plane is for this machine only';
  // A name that somebody else's server resolves to this machine must not open it to that server's pages.
  if (host !== undefined && !isLoopback(hostnameOf(`http://${host}`))) return 'the control plane is reached by a loopback name only';
  if (origin !== undefined && !isLoopback(hostnameOf(origin))) return 'the control plane is for pages of this machine only';
  return undefined;
}
