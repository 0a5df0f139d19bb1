/** The doctor's finding of a step, and its text. Pure. */
import { paint, type Colour, type Line } from '../terminal/spans.js';
import { plural } from '../terminal/texts.js';
import { wrap } from '../terminal/wrap.js';

/** The steps in their order. */
export const steps = [
  'URL', 'name', 'TCP', 'TLS', 'HTTP', 'key', 'token', 'cookie', 'clock skew', 'redirect', 'open', 'values', 'timestamp unit', 'poll', 'delete',
] as const;

export type StepName = (typeof steps)[number];

export interface Finding {
  readonly step: StepName;
  readonly status: 'ok' | 'warning' | 'failed' | 'skipped';
  /** The finding in one sentence. */
  readonly verdict: string;
  /** The advice for it. */
  readonly advice?: string | undefined;
}

export const ok = (step: StepName, verdict: string): Finding => ({ step, status: 'ok', verdict });
export const skipped = (step: StepName, verdict: string): Finding => ({ step, status: 'skipped', verdict });
export const warning = (step: StepName, verdict: string, advice: string): Finding => ({ step, status: 'warning', verdict, advice });
export const failed = (step: StepName, verdict: string, advice: string): Finding => ({ step, status: 'failed', verdict, advice });

const colours: Readonly<Record<Finding['status'], Colour>> = { ok: 'green', warning: 'yellow', failed: 'red', skipped: 'gray' };
const indent = ' '.repeat(2 + 9 + 16);

/** A line for the verdict, and lines for the advice, wrapped to a width. */
export function findingText({ step, status, verdict, advice }: Finding, columns: number, color: boolean): string {
  const head: Line = [{ text: '  ' }, { text: status.padEnd(9), colour: colours[status] }, { text: step.padEnd(16) }];
  const width = Math.max(30, columns - indent.length);
  const [first = '', ...rest] = wrap(verdict, width);
  const lines: Line[] = [[...head, { text: first, colour: status === 'skipped' ? 'gray' : undefined }], ...rest.map((text): Line => [{ text: `${indent}${text}` }])];
  const todo = advice === undefined ? [] : wrap(`-> ${advice}`, width).map((text): Line => [{ text: indent }, { text, colour: 'bold' }]);
  return [...lines, ...todo].map((line) => `${paint(line, color)}\n`).join('');
}

/** `13 ok, 1 warning, 1 skipped`, and its meaning. */
export function summaryText(findings: readonly Finding[]): string {
  const count = (status: Finding['status']): number => findings.filter((finding) => finding.status === status).length;
  const [warnings, failures] = [count('warning'), count('failed')];
  const counts = [`${count('ok')} ok`, ...(warnings > 0 ? [plural(warnings, 'warning')] : []), ...(failures > 0 ? [`${failures} failed`] : []), `${count('skipped')} skipped`];
  const first = findings.find(({ status }) => status === 'failed');
  return `${counts.join(', ')}. ${first === undefined ? 'The client can work with this server.' : `Begin with the first that failed: ${first.step}.`}`;
}
