/** `doctor`: finds out, step by step, why a server does not answer as it should, and says what to do. */
import { writeFile } from 'node:fs/promises';
import { fetchTransport } from '../../index.js';
import { defineCommand, type CommandContext } from '../arguments/command.js';
import { readText, readTime } from '../arguments/option.js';
import { UsageError } from '../arguments/usage-error.js';
import { examine, isPointless } from '../doctor/examine.js';
import { fileProblem } from '../file-problem.js';
import { findingText, summaryText, type Finding } from '../doctor/finding.js';
import type { Subject } from '../live/figure.js';
import { createAnonymizer } from '../recording/anonymous.js';
import { entryOf } from '../recording/entry.js';
import type { Exchange } from '../recording/exchange.js';
import { createSecrets } from '../recording/secrets.js';
import { openServer, outputOptions, serverOptions } from '../server.js';
import { readTargets } from '../targets.js';
import { hasColours } from '../terminal/show.js';
import { plain } from '../terminal/plain.js';
import { write, writeLines } from '../terminal/write.js';

const demoTarget: Subject = { name: 'Current_In_Queue', objectId: 'Sales@SIP', objectType: 'Queue' };

export const doctor = defineCommand({
  name: 'doctor',
  summary: 'finds out why a server does not answer, and says what to do',
  operands: '[NAME[,NAME...] TYPE/ID...]',
  about: ['With a statistic it also opens, reads and deletes a subscription. Nothing stays open, and nothing', 'on the server is changed.'],
  options: {
    ...serverOptions,
    timeout: { placeholder: 'TIME', what: 'for each step (default 10s)', read: readTime },
    capture: { placeholder: 'FILE', what: 'write what the server answered, without secrets, names and\nnumbers of people, so that you can send it in', read: readText },
    json: { what: 'a line of JSON for each step' },
    'no-color': outputOptions['no-color'],
  },
  examples: [
    { line: 'doctor --base-url https://host/statistics/v3', what: 'the connection, the certificate, the key and the token' },
    { line: 'doctor Current_In_Queue Queue/Sales@SIP', what: 'a subscription too, on GENESYS_STATISTICS_URL' },
    { line: 'doctor CurrentAgentState Agent/kim --capture answer.ndjson', what: 'how your server writes the state of an agent' },
  ],
  async run(given, operands, context) {
    const { output, env, stop } = context;
    const targets = operands.length === 0 ? (given.demo ? [demoTarget] : []) : readTargets(operands);
    const server = await openServer(given, context);
    const exchanges: Exchange[] = [];
    const findings: Finding[] = [];
    try {
      const token = typeof server.options.token === 'function' ? await server.options.token() : server.options.token;
      const examination = examine({
        options: { ...server.options, token },
        token,
        targets,
        timeout: given.timeout ?? 10_000,
        transport: fetchTransport((url, init) => fetch(url, init)),
        env,
        onExchange: (exchange) => exchanges.push(exchange),
      });
      let pointless: Finding[] = [];
      for await (const finding of examination) {
        findings.push(finding);
        // In the output for people, the steps that one failure makes pointless share a line.
        pointless = !given.json && finding.status === 'skipped' && isPointless(finding) ? [...pointless, finding] : [];
        if (pointless.length === 0) {
          await print(finding, given, context);
        }
        if (stop.aborted) {
          break;
        }
      }
      await printTogether(pointless, given, context);
    } finally {
      await server.close();
    }
    if (!given.json) {
      await write(output, `\n${summaryText(findings)}\n`);
    }
    if (given.capture !== undefined) {
      await capture(given.capture, server.options.baseUrl, exchanges, findings, targets);
      context.note(`what the server answered is in ${given.capture}; read it before you send it`);
    }
    return findings.some(({ status }) => status === 'failed') ? 1 : 0;
  },
});

/** Prints the pointless steps at the end of an examination together. Only there can several share a reason. */
async function printTogether(findings: readonly Finding[], given: Parameters<typeof print>[1], context: CommandContext): Promise<void> {
  const [first] = findings;
  if (first !== undefined) {
    const verdict = findings.length === 1 ? first.verdict : `and all that follows: ${first.verdict}`;
    await print({ ...first, verdict }, given, context);
  }
}

async function print(finding: Finding, given: { readonly json: boolean; readonly 'no-color': boolean }, { output, env }: CommandContext): Promise<void> {
  if (given.json) {
    await writeLines(output, [{ type: 'step', ...finding, at: new Date().toISOString() }]);
  } else {
    await write(output, findingText({ ...finding, verdict: plain(finding.verdict) }, output.isTTY ? output.columns || 80 : 100, output.isTTY && hasColours(given, env)));
  }
}

/** @throws UsageError if the file cannot be written */
async function capture(file: string, baseUrl: string, exchanges: readonly Exchange[], findings: readonly Finding[], targets: readonly Subject[]): Promise<void> {
  const secrets = createSecrets();
  exchanges.forEach((exchange) => secrets.addFrom(exchange));
  const { host, hostname } = URL.canParse(baseUrl) ? new URL(baseUrl) : { host: '', hostname: '' };
  const anonymous = createAnonymizer([host, hostname, ...targets.map(({ objectId }) => objectId)]);
  const start = exchanges[0]?.at ?? Date.now();
  const base = baseUrl.replace(/\/+$/, '');
  const lines = [
    { type: 'recording', version: 1, at: new Date(start).toISOString() },
    ...findings.map((finding) => ({ type: 'step', ...finding, verdict: anonymous.text(secrets.hide(finding.verdict)) })),
    ...exchanges.map((exchange) => anonymous.entry(entryOf(exchange, base, start, secrets))),
  ];
  try {
    // Only the owner can read the file, because values are about people.
    await writeFile(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''), { mode: 0o600 });
  } catch (error) {
    throw new UsageError(`--capture: ${fileProblem(error, file, 'written')}`);
  }
}
