/**
 * The server of the soak, in a process of its own: the simulator, and the weather over it. Owns when it is fair, and what
 * its ledger says. Ends with the process that started it.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { createSimulator } from 'genesys-statistics-rx/simulator';
import { serve } from '../bench/remote.ts';
import { createChance } from './chance.ts';
import { nextSpell } from './weather.ts';

/** What came of all requests so far. */
export interface Ledger {
  readonly requests: number;
  readonly opened: number;
  readonly deleted: number;
  /** Ids of the subscriptions that are open now. */
  readonly open: readonly string[];
  readonly connections: number;
  readonly sockets: number;
  /** How often the weather was bad, by its name. */
  readonly weather: Readonly<Record<string, number>>;
}

export interface ServerMethods {
  url(): string;
  /** The token that is accepted now. */
  token(): string;
  /** The weather begins to change. */
  bad(): void;
  /** It is fair, and stays so. */
  fair(): void;
  ledger(): Ledger;
}

const [seed = 1] = process.argv.slice(2).map(Number);
const chance = createChance(seed);
let token = 'soak-token-0';
let tokens = 0;
const simulator = await createSimulator({ seed, token, speed: 20, agents: 100, queues: 30 });
const weather: Record<string, number> = {};
/** Ends the present spells; none before it is bad. */
let lull = new AbortController();

/** One spell after another, until the signal. */
async function change(signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const { spell, after } = nextSpell(chance);
    await wait(after, undefined, { signal });
    weather[spell.name] = (weather[spell.name] ?? 0) + 1;
    if (spell.begins === 'forget') {
      simulator.forget();
    } else if (spell.begins === 'expire the token') {
      token = simulator.expireToken(`soak-token-${++tokens}`);
    }
    const undo = spell.faults.map((fault) => simulator.fault(fault));
    try {
      await wait(spell.lasts, undefined, { signal });
    } finally {
      undo.forEach((each) => each());
    }
  }
}

const methods: ServerMethods = {
  url: () => simulator.url,
  token: () => token,
  bad() {
    lull = new AbortController();
    change(lull.signal).catch((error: unknown) => {
      if (!lull.signal.aborted) {
        throw error;
      }
    });
  },
  fair: () => lull.abort(),
  ledger() {
    const { ledger } = simulator;
    return {
      requests: ledger.count(),
      opened: ledger.opened.length,
      deleted: ledger.deleted.length,
      open: ledger.open,
      connections: ledger.connections,
      sockets: ledger.sockets,
      weather,
    };
  },
};

serve({ ...methods });
