/**
 * The part of CometD that the vendor's client needs before it requests statistics: handshake, subscribe, connect and
 * disconnect. Never pushes anything. Knows nothing of statistics.
 */
interface Message {
  readonly id?: string;
  readonly channel: string;
  readonly subscription?: string;
  readonly advice?: { readonly timeout?: number };
}

/** @returns the text of the answer; `undefined` for a connect, which is held until the client disconnects. */
export function answerBayeux(body: string): string | undefined {
  const messages = JSON.parse(body) as Message[];
  if (messages.some(({ channel, advice }) => channel === '/meta/connect' && advice?.timeout !== 0)) {
    return undefined;
  }
  return JSON.stringify(
    messages.map(({ id, channel, subscription }) => ({
      id,
      channel,
      successful: true,
      clientId: 'bench',
      version: '1.0',
      supportedConnectionTypes: ['long-polling'],
      ...(subscription === undefined ? {} : { subscription }),
      advice: { reconnect: 'retry', interval: 0, timeout: 60_000 },
    })),
  );
}
