/**
 * The public API, a report per entry: `npm run api` writes `api/*.api.md`, and `npm run api -- --check` fails where one differs
 * from what is built. A change of the API thus shows as a diff of its own.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Extractor, ExtractorConfig, ExtractorLogLevel, type ExtractorMessage } from '@microsoft/api-extractor';

const { values: asked } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
const print = (line: string): boolean => process.stdout.write(`${line}\n`);
const project = fileURLToPath(new URL('..', import.meta.url));
const { exports } = JSON.parse(readFileSync(`${project}package.json`, 'utf8')) as { exports: Record<string, string | { types: string }> };

/** Silences hints on style: lint has its own rules. */
function silenceHints(message: ExtractorMessage): void {
  message.handled ||= message.logLevel !== ExtractorLogLevel.Error;
}

function report(entry: string, types: string): boolean {
  const name = entry === '.' ? 'index' : entry.slice(2).replaceAll('/', '-');
  const { succeeded, apiReportChanged } = Extractor.invoke(
    ExtractorConfig.prepare({
      configObjectFullPath: undefined,
      packageJsonFullPath: `${project}package.json`,
      configObject: {
        projectFolder: project,
        mainEntryPointFilePath: `${project}${types}`,
        compiler: { tsconfigFilePath: `${project}tsconfig.json` },
        apiReport: { enabled: true, reportFileName: name, reportFolder: `${project}api`, reportTempFolder: `${project}node_modules/.cache/api` },
        docModel: { enabled: false },
        dtsRollup: { enabled: false },
        newlineKind: 'lf',
      },
    }),
    { localBuild: !asked.check, messageCallback: silenceHints },
  );
  print(`${name}: ${apiReportChanged ? 'changed' : 'as it was'}`);
  return succeeded && !(asked.check && apiReportChanged);
}

const entries = Object.entries(exports).flatMap(([entry, target]) => (typeof target === 'string' ? [] : [[entry, target.types] as const]));
const sound = entries.filter(([entry, types]) => report(entry, types)).length;
if (sound < entries.length) {
  print('The public API differs from its report: read the change, then run `npm run api`, and commit what it writes.');
  process.exitCode = 1;
}
