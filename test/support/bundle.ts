/** The package as a program's bundler takes it in: from the built files, by the conditions of the platform, nothing aliased. */
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

export interface Bundle {
  readonly code: string;
  /** The files it is made of, relative to the project, and what each weighs in it. */
  readonly files: readonly { readonly path: string; readonly bytes: number; readonly commonJs: boolean }[];
}

/** @param program - what imports `genesys-statistics-rx`. */
export async function bundle(program: string, platform: 'browser' | 'node' = 'browser'): Promise<Bundle> {
  const { outputFiles, metafile } = await build({
    stdin: { contents: program, resolveDir: fileURLToPath(new URL('../..', import.meta.url)) },
    bundle: true,
    minify: true,
    format: 'esm',
    platform,
    target: 'es2023',
    // The project's own paths would lead to the sources.
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
