/**
 * The part of CometD that the vendor's client needs to initialise: handshake, subscribe, connect by long polling, disconnect. Owns
 * its sessions, and pushes nothing to them. Knows no statistics.
 */
import { randomId } from '../random-id.js';

/** Real ms for which a connect without news is held, as the real service advises. */
const HOLD = 20_000;

interface Session {
  /** Ends the held connect, if there is one. */
  release: (() => void) | null;
}

/** Answers Bayeux messages. */
export interface Bayeux {
  /** Resolves to the text of the answer. A connect is held until the requester leaves, which `gone` reports. */
  handle(body: unknown, onGone: (gone: () => void) => void): Promise<string>;
  close(): void;
}

type Message = Readonly<Record<string, unknown>>;

/** Makes the CometD side of a simulator. */
export function createBayeux(): Bayeux {
  const sessions = new Map<string, Session>();

  const reply = (message: Message, more: object): object => ({
    ...(message['id'] === undefined ? {} : { id: message['id'] }),
    channel: message['channel'],
    ...more,
  });

  const hold = (session: Session, ms: number, onGone: (gone: () => void) => void): Promise<void> =>
    new Promise((resolve) => {
      session.release?.();
      const end = (): void => {
        clearTimeout(timer);
        if (session.release === end) session.release = null;
        resolve();
      };
      const timer = setTimeout(end, ms);
      session.release = end;
      onGone(end);
    });

  const one = async (message: Message, onGone: (gone: () => void) => void): Promise<object> => {
    const { channel, clientId } = message;
    if (channel === '/meta/handshake') {
      const id = randomId();
      sessions.set(id, { release: null });
      return reply(message, {
        successful: true,
        version: '1.0',
        minimumVersion: '1.0',
        supportedConnectionTypes: ['long-polling'],
        clientId: id,
        advice: { reconnect: 'retry', interval: 0, timeout: HOLD },
      });
    }
    const session = typeof clientId === 'string' ? sessions.get(clientId) : undefined;
    if (session === undefined) {
      return reply(message, { successful: false, error: '402::Unknown client', advice: { reconnect: 'handshake', interval: 0 } });
    }
    switch (channel) {
      case '/meta/connect': {
        const advice = message['advice'];
        const asked = typeof advice === 'object' && advice !== null && 'timeout' in advice ? Number(advice.timeout) : HOLD;
        if (asked > 0) await hold(session, Math.min(asked, HOLD), onGone);
        return reply(message, { successful: true, clientId, advice: { reconnect: 'retry', interval: 0, timeout: HOLD } });
      }
      case '/meta/subscribe':
      case '/meta/unsubscribe':
        return reply(message, { successful: true, clientId, subscription: message['subscription'] });
      case '/meta/disconnect':
        session.release?.();
        sessions.delete(String(clientId));
        return reply(message, { successful: true, clientId });
      default:
        return reply(message, { successful: false, clientId, error: '403::Publishing is not allowed' });
    }
  };

  return {
    async handle(body, onGone) {
      const messages = (Array.isArray(body) ? body : [body]).filter(
        (message): message is Message => typeof message === 'object' && message !== null,
      );
      return JSON.stringify(await Promise.all(messages.map((message) => one(message, onGone))));
    },
    close() {
      for (const session of sessions.values()) session.release?.();
      sessions.clear();
    },
  };
}
