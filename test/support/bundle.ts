/** Bundles the package as a program's bundler does: from the built files, by the conditions of the platform, without aliases. */
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

export interface Bundle {
  readonly code: string;
  /** The files in the bundle, relative to the project, and the bytes of each in it. */
  readonly files: readonly { readonly path: string; readonly bytes: number; readonly commonJs: boolean }[];
}

/** @param program - source text that imports `genesys-statistics-rx`. */
export async function bundle(program: string, platform: 'browser' | 'node' = 'browser'): Promise<Bundle> {
  const { outputFiles, metafile } = await build({
    stdin: { contents: program, resolveDir: fileURLToPath(new URL('../..', import.meta.url)) },
    bundle: true,
    minify: true,
    format: 'esm',
    platform,
    target: 'es2023',
    // Ignores the project's tsconfig, whose `paths` lead to the sources.
    tsconfigRaw: '{}',
    metafile: true,
    write: false,
    logLevel: 'silent',
  });
  const weighed = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.entries(inputs));
  return {
    code: outputFiles.map(({ text }) => text).join(''),
    files: weighed.map(([path, { bytesInOutput }]) => ({ path, bytes: bytesInOutput, commonJs: metafile.inputs[path]?.format === 'cjs' })),
  };
}
