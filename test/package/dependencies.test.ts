/**
 * F104: what an installation of the package brings with it: few packages, none of which runs anything when it is installed,
 * each pinned by a hash of its content, with rxjs as a peer. Read from the lockfile.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const read = (name: string): unknown => JSON.parse(readFileSync(fileURLToPath(new URL(`../../${name}`, import.meta.url)), 'utf8'));

interface Manifest {
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta: Readonly<Record<string, { readonly optional: boolean }>>;
  readonly optionalDependencies?: object;
  readonly bundleDependencies?: unknown;
}

interface Locked {
  readonly version: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly dev?: boolean;
  readonly link?: boolean;
  readonly hasInstallScript?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
}

const manifest = read('package.json') as Manifest;
const { packages } = read('package-lock.json') as { packages: Readonly<Record<string, Locked>> };
const installed = Object.entries(packages).filter(([path]) => path !== '');
/** The packages that come with this one, by the lockfile. */
const atRuntime = installed.filter(([, { dev }]) => dev !== true);

/** The same by following dependencies, from those of the package on: `node_modules` is flat or nested. */
function reached(): Set<string> {
  const found = new Set<string>();
  const visit = (name: string, from: string): void => {
    for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('node_modules/') - 1))) {
      const path = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`;
      const locked = packages[path];
      if (locked !== undefined && !found.has(path)) {
        found.add(path);
        Object.keys(locked.dependencies ?? {}).forEach((inner) => visit(inner, path));
      }
      if (locked !== undefined || folder === '') {
        return;
      }
    }
  };
  Object.keys(manifest.dependencies).forEach((name) => visit(name, ''));
  return found;
}

describe('F104: the dependencies', () => {
  it('have rxjs as the one peer that is needed, and nothing optional or bundled', () => {
    const optional = Object.entries(manifest.peerDependenciesMeta).flatMap(([name, meta]) => (meta.optional ? [name] : []));
    expect(optional).toEqual(['@angular/common', '@angular/core', 'prom-client', 'redis']);
    expect(Object.keys(manifest.peerDependencies).filter((name) => !optional.includes(name))).toEqual(['rxjs']);
    expect(manifest.dependencies).not.toHaveProperty('rxjs');
    expect(manifest.optionalDependencies).toBeUndefined();
    expect(manifest.bundleDependencies).toBeUndefined();
  });

  it('are versions of a registry, no address and no folder', () => {
    Object.entries(manifest.dependencies).forEach(([name, version]) => expect(version, name).toMatch(/^\^\d+\.\d+\.\d+$/));
  });

  it('run nothing when they are installed, nor does the package', () => {
    expect(atRuntime.filter(([, { hasInstallScript }]) => hasInstallScript === true)).toEqual([]);
    expect(Object.keys(manifest.scripts).filter((name) => /^(pre|post)?(install|prepare|publish|uninstall|pack)$/.test(name))).toEqual([]);
    // Of those that only developers install, these and no more; package.json allows them by name.
    expect(installed.filter(([, { hasInstallScript }]) => hasInstallScript === true).map(([path]) => path)).toEqual(expect.arrayContaining(['node_modules/node']));
  });

  it('are few: exactly those that the lockfile marks are reached', () => {
    const paths = reached();
    expect(paths.size).toBeGreaterThan(3);
    expect(paths.size).toBeLessThan(20);
    expect(new Set([...paths].filter((path) => packages[path]?.dev === true))).toEqual(new Set());
    expect([...paths].sort()).toEqual(atRuntime.map(([path]) => path).sort());
  });
});

describe('F104: the lockfile', () => {
  it('pins each package by a hash, and none by an address', () => {
    for (const [path, { resolved, integrity, link }] of installed) {
      expect(resolved, path).toBeUndefined();
      expect(link, path).toBeUndefined();
      expect(integrity, path).toMatch(/^sha512-/);
    }
  });

  it('is written without registry addresses, by .npmrc', () => {
    const settings = readFileSync(fileURLToPath(new URL('../../.npmrc', import.meta.url)), 'utf8');
    expect(settings).toContain('omit-lockfile-registry-resolved=true');
    expect(settings).not.toMatch(/registry\s*=|_auth|token/i);
  });
});
