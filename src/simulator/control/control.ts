/**
 * The control plane, `/__simulator/...`, for tests in another process or language. Owns its answers. The ledger does not record its
 * requests, and no fault, latency or check of credentials applies to them.
 */
import type { Simulator } from '../simulator-type.js';
import { corsHeaders, preflightHeaders } from '../server/cors.js';
import type { Exchange, Incoming, Outcome } from '../server/message.js';
import { splitTarget } from '../server/route.js';
import { refusalOf } from './access.js';
import { createCommands } from './commands.js';

const ROOT = '/__simulator';

/** Whether a request is for the control plane. */
export const isControl = ({ target }: Incoming): boolean => /^\/__simulator(?:[/?]|$)/.test(target);

/** Makes the exchange of the control plane. */
export function createControl(simulator: Simulator): Exchange {
  const run = createCommands(simulator);
  return async (incoming) => {
    const refusal = refusalOf(incoming);
    if (refusal !== undefined) return answer(incoming, 403, { error: refusal });
    if (incoming.method === 'OPTIONS') return answer(incoming, 204);
    try {
      const { path, query } = splitTarget(incoming.target);
      const { json, error } = await incoming.body();
      if (error !== undefined) return answer(incoming, error.status, { error: error.message });
      const done = run(incoming.method, path.slice(ROOT.length), new URLSearchParams(query), json);
      if ('result' in done) return answer(incoming, 200, done.result ?? {});
      if (done.allowed.length > 0) return answer(incoming, 405, { error: `only ${done.allowed.join(', ')} is allowed here` });
      return answer(incoming, 404, { error: `there is no such command: GET ${ROOT} lists them` });
    } catch (error) {
      if (incoming.isGone) return { kind: 'reset' };
      return answer(incoming, error instanceof RangeError ? 400 : 500, { error: error instanceof Error ? error.message : String(error) });
    }
  };
}

function answer({ method, headers }: Incoming, status: number, result?: unknown): Outcome {
  return {
    kind: 'answer',
    status,
    headers: {
      ...(result === undefined ? {} : { 'Content-Type': 'application/json;charset=utf-8' }),
      'Cache-Control': 'no-store',
      ...corsHeaders(headers),
      ...(method === 'OPTIONS' ? preflightHeaders(headers) : {}),
    },
    body: result === undefined ? '' : JSON.stringify(result),
  };
}
