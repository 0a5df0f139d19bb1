// A PostgreSQL of its own for an example: Debian's server, in a temporary folder, reached by a socket in that folder.
import { execFileSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface Cluster extends Disposable {
  /** The folder of the socket, for the option `host` of `pg`. */
  readonly host: string;
}

/** Returns `undefined` if the server is not installed; in CI this is an error. */
export function startPostgres(): Cluster | undefined {
  const bin = binaries('/usr/lib/postgresql');
  if (bin === undefined) {
    if (process.env['CI'] === 'true') {
      throw new Error('the package postgresql is not installed: apt-get install postgresql');
    }
    return undefined;
  }
  const host = mkdtempSync(join(tmpdir(), 'postgres-'));
  const data = join(host, 'data');
  const user = unprivileged();
  const run = (program: string, ...args: string[]): unknown => execFileSync(join(bin, program), args, { ...user, cwd: host, stdio: ['ignore', 'ignore', 'inherit'] });
  const remove = (): void => rmSync(host, { recursive: true, force: true });
  try {
    chownSync(host, user.uid ?? -1, user.gid ?? -1);
    run('initdb', '-D', data, '-U', 'example', '-A', 'trust', '-E', 'UTF8', '--no-sync');
    run('pg_ctl', '-D', data, '-w', '-l', join(host, 'log'), '-o', `-k ${host} -c listen_addresses= -F`, 'start');
  } catch (error) {
    remove();
    throw error;
  }
  return {
    host,
    [Symbol.dispose]() {
      run('pg_ctl', '-D', data, '-w', '-m', 'fast', 'stop');
      remove();
    },
  };
}

/** Debian keeps the programs of each version in a folder of its own. */
function binaries(folder: string): string | undefined {
  const versions = existsSync(folder) ? readdirSync(folder).sort((a, b) => Number(b) - Number(a)) : [];
  return versions.map((version) => join(folder, version, 'bin')).find((bin) => existsSync(join(bin, 'initdb')));
}

/** PostgreSQL refuses to run as root, so root runs it as the user that its package has created. */
function unprivileged(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) {
    return {};
  }
  const idOf = (flag: string): number => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: idOf('-u'), gid: idOf('-g') };
}
