/** Every formula with named inputs, and the names of its inputs. */
import * as kpi from '../../../src/kpi/index.js';

type Numbers = Record<string, number | null | undefined>;

export interface FormulaCase {
  readonly name: string;
  readonly formula: kpi.Formula<Numbers>;
  readonly needs: readonly string[];
  readonly takes: readonly string[];
}

function formulaCase(formula: unknown, needs: readonly string[], takes: readonly string[] = []): FormulaCase {
  const typed = formula as kpi.Formula<Numbers>;
  return { name: typed.name, formula: typed, needs, takes };
}

export const allFormulas: readonly FormulaCase[] = [
  formulaCase(kpi.serviceLevel, ['answeredWithin', 'answered', 'abandoned'], ['shortAbandoned', 'flowOuts']),
  formulaCase(kpi.serviceLevelOfAnswered, ['answeredWithin', 'answered']),
  formulaCase(kpi.serviceLevelWithAbandons, ['answeredWithin', 'abandonedWithin', 'answered', 'abandoned']),
  formulaCase(kpi.abandonRate, ['answered', 'abandoned'], ['shortAbandoned', 'flowOuts']),
  formulaCase(kpi.answerRate, ['answered', 'abandoned'], ['flowOuts']),
  formulaCase(kpi.averageSpeedOfAnswer, ['waitTime', 'answered']),
  formulaCase(kpi.averageHandlingTime, ['talkTime', 'handled'], ['holdTime', 'wrapTime']),
  formulaCase(kpi.averageTalkTime, ['talkTime', 'talks']),
  formulaCase(kpi.averageHoldTime, ['holdTime', 'holds']),
  formulaCase(kpi.averageWrapTime, ['wrapTime', 'wraps']),
  formulaCase(kpi.holdShare, ['talkTime', 'holdTime', 'wrapTime']),
  formulaCase(kpi.wrapShare, ['talkTime', 'holdTime', 'wrapTime']),
  formulaCase(kpi.transferRate, ['transferred', 'handled']),
  formulaCase(kpi.interactionsPerHour, ['handled', 'loginTime']),
  formulaCase(kpi.occupancy, ['talkTime', 'readyTime'], ['holdTime', 'wrapTime']),
  formulaCase(kpi.occupancyOfLogin, ['talkTime', 'loginTime'], ['holdTime', 'wrapTime']),
  formulaCase(kpi.utilization, ['talkTime', 'readyTime', 'loginTime'], ['holdTime', 'wrapTime']),
  formulaCase(kpi.notReadyShare, ['notReadyTime', 'loginTime']),
  formulaCase(kpi.readyShare, ['ready', 'loggedIn']),
  formulaCase(kpi.waitingPerReadyAgent, ['waiting', 'ready']),
  formulaCase(kpi.estimatedWait, ['waiting', 'averageHandlingTime', 'agents']),
  formulaCase(kpi.longestWait, [], ['sales', 'support']),
];
