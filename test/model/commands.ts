/**
 * Everything that can happen to a client, as commands: actions of the program, of the server and the network, and of time. After
 * each command the scheduler may let pending work go on, and the invariants must hold.
 */
import fc from 'fast-check';
import { holdAlways } from './invariants.js';
import type { Model } from './model.js';
import type { Observer, Wish } from './observer.js';
import type { Fault, FaultScript } from './server.js';
import type { TokenGiving, World } from './world.js';
import { statistics } from './catalogue.js';

export type Command = fc.AsyncCommand<Model, World>;

type Run = (world: World, model: Model) => void | Promise<void>;

function command(text: string, run: Run, check: (model: Readonly<Model>) => boolean = () => true): Command {
  return {
    check,
    async run(model, world) {
      world.server.note(`-- ${text}`);
      await run(world, model);
      await world.interleave();
      holdAlways(model, world);
    },
    toString: () => text,
  };
}

const anybody = (model: Readonly<Model>): boolean => model.observing > 0;
const isOpen = (model: Readonly<Model>): boolean => !model.closed;

function live({ observers }: World, which: number): Observer | undefined {
  return [...observers][which % Math.max(1, observers.size)];
}

// -- the program -----------------------------------------------------------------------------------------------------

export const join = (wish: Wish): Command => command(`join(${JSON.stringify(wish)})`, (world) => void world.join(wish));
export const leave = (which: number): Command => command(`leave(${which})`, (world) => live(world, which)?.leave(), anybody);
export const refresh = (): Command => command('refresh()', (world) => world.refresh(), isOpen);
export const closeClient = (): Command =>
  command('closeClient()', (world, model) => {
    model.closed = true;
    world.close();
  });

/** Makes an observer do something inside its next `next`. */
const inside = (text: string, which: number, deed: (world: World, self: Observer, model: Model) => void): Command =>
  command(text, (world, model) => void live(world, which)?.plan.push((self) => deed(world, self, model)), anybody);

export const leaveInsideNext = (which: number): Command => inside(`leaveInsideNext(${which})`, which, (_, self) => self.leave());
export const leaveOtherInsideNext = (which: number, other: number): Command =>
  inside(`leaveOtherInsideNext(${which}, ${other})`, which, (world) => live(world, other)?.leave());
export const joinInsideNext = (which: number, wish: Wish): Command =>
  inside(`joinInsideNext(${which}, ${JSON.stringify(wish)})`, which, (world) => void world.join(wish));
export const throwInNext = (which: number): Command => inside(`throwInNext(${which})`, which, (world) => world.throwing());
export const refreshInsideNext = (which: number): Command => inside(`refreshInsideNext(${which})`, which, (world) => world.refresh());
export const closeInsideNext = (which: number): Command =>
  inside(`closeInsideNext(${which})`, which, (world, _, model) => {
    model.closed = true;
    world.close();
  });

/** Creates more idle upstreams than maxIdle: sets, which are never merged. */
export const evictPressure = (sets: number): Command =>
  command(`evictPressure(${sets})`, (world) => {
    const joined = Array.from({ length: sets }, (_, first) => world.join({ kind: 'set', keys: [first, (first + sets) % statistics.length] }));
    joined.forEach((observer) => observer.leave());
  }, isOpen);

// -- the page and the token ------------------------------------------------------------------------------------------

export const hide = (): Command => command('hide()', (world) => world.look({ visible: false }));
export const show = (): Command => command('show()', (world) => world.look({ visible: true }));
export const offline = (): Command => command('offline()', (world) => world.look({ online: false }));
export const online = (): Command => command('online()', (world) => world.look({ online: true }));
export const leavePage = (milliseconds: number): Command => command(`leavePage(${milliseconds})`, (world) => world.leavePage(milliseconds));
export const expireToken = (): Command => command('expireToken()', (world) => world.expireToken());
export const setToken = (giving: TokenGiving): Command => command(`setToken('${giving}')`, (world) => void (world.giving = giving));

// -- the server and the network --------------------------------------------------------------------------------------

export const serverSet = (key: number, value: number): Command => command(`serverSet(${key}, ${value})`, ({ history }) => history.set(key, value));
export const serverFault = (script: FaultScript): Command => command(`serverFault(${JSON.stringify(script)})`, ({ server }) => server.fault(script));
export const heal = (): Command =>
  command('heal()', (world) => {
    world.server.heal();
    world.giving = 'fresh';
    world.look({ online: true });
  });
export const refuse = (key: number): Command => command(`refuse(${key})`, ({ server }) => void server.refused.add(key));
export const takeAtMost = (most: number): Command => command(`takeAtMost(${most})`, ({ server }) => void (server.most = most));
export const serverRestart = (keep: 'state' | 'nothing', clock: 'same' | 'ahead' | 'behind' = 'same'): Command =>
  command(`serverRestart('${keep}', '${clock}')`, ({ server, history }) => {
    server.restart(keep === 'state');
    if (clock !== 'same' && keep === 'nothing') {
      history.takeOver(clock);
    }
  });
export const rotateCookie = (): Command => command('rotateCookie()', ({ server }) => server.rotateCookie());
export const latency = (milliseconds: number): Command => command(`latency(${milliseconds})`, ({ server }) => void (server.latency = milliseconds));
export const reorder = (racing: boolean): Command => command(`reorder(${racing})`, (world) => void (world.racing = racing));

// -- time ------------------------------------------------------------------------------------------------------------

export const advance = (milliseconds: number): Command => command(`advance(${milliseconds})`, (world) => world.pass(milliseconds));
/** The machine sleeps: time passes without a timer, and then all due timers fire. */
export const sleep = (milliseconds: number): Command =>
  command(`sleep(${milliseconds})`, async (world) => {
    world.clock.sleep(milliseconds);
    world.server.nudge();
    await world.pass(0);
  });
export const wallJump = (milliseconds: number): Command => command(`wallJump(${milliseconds})`, ({ clock }) => clock.jump(milliseconds));

// -- the choice of commands ------------------------------------------------------------------------------------------

const key = fc.nat(statistics.length - 1);
const which = fc.nat(20);
const interval = fc.option(fc.constantFrom(1000, 60_000), { nil: undefined, freq: 3 });

const wish: fc.Arbitrary<Wish> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('values' as const), key, interval }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('versions' as const, 'states' as const), key }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('setStates' as const), keys: fc.array(key, { minLength: 1, maxLength: 3 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('set' as const), keys: fc.array(key, { minLength: 1, maxLength: 3 }), interval }) },
);

const milliseconds = fc.constantFrom(1, 5, 10, 50, 500, 1000, 2000, 5000, 10_000, 31_000, 75_000);

const transientFault: fc.Arbitrary<Fault> = fc.constantFrom<Fault[]>('refused', 'reset', 'lost', 'gateway', 'silent', 'hang', 'html', 'echo', 'cached', 408, 429, 500, 502, 503, 504);
/** Commands after which a correct definition may be refused. */
const blamingFault: fc.Arbitrary<Fault> = fc.constantFrom<Fault[]>('no data', 'no', 'partial', 'empty', 'foreign', 400, 403, 404, 409, 413);

const script = (fault: fc.Arbitrary<Fault>): fc.Arbitrary<FaultScript> =>
  fc.record(
    {
      operation: fc.constantFrom('open', 'read', 'close', 'peek', 'any'),
      fault,
      times: fc.constantFrom(1, 1, 1, 2, 2, 3, 4, 5, 8, Number.POSITIVE_INFINITY),
      retryAfter: fc.constantFrom('3', '20', '86400', '', '-1', 'Wed, 21 Oct 2015 07:28:00 GMT'),
    },
    { requiredKeys: ['operation', 'fault', 'times'] },
  );

/** The commands without faults. */
const peaceful: { readonly weight: number; readonly arbitrary: fc.Arbitrary<Command> }[] = [
  { weight: 96, arbitrary: wish.map(join) },
  { weight: 64, arbitrary: which.map(leave) },
  { weight: 208, arbitrary: milliseconds.map(advance) },
  { weight: 64, arbitrary: fc.tuple(key, fc.nat(3)).map(([of, value]) => serverSet(of, value)) },
  { weight: 16, arbitrary: fc.constant(null).map(refresh) },
  { weight: 8, arbitrary: which.map(leaveInsideNext) },
  { weight: 8, arbitrary: fc.tuple(which, which).map(([self, other]) => leaveOtherInsideNext(self, other)) },
  { weight: 8, arbitrary: fc.tuple(which, wish).map(([self, other]) => joinInsideNext(self, other)) },
  { weight: 8, arbitrary: which.map(throwInNext) },
  { weight: 8, arbitrary: which.map(refreshInsideNext) },
  { weight: 8, arbitrary: fc.integer({ min: 2, max: 5 }).map(evictPressure) },
  { weight: 8, arbitrary: fc.constantFrom(3_600_000, -3_600_000, 86_400_000).map(wallJump) },
];

/** The commands with faults, restarts and sleep. */
const hostile: typeof peaceful = [
  { weight: 40, arbitrary: script(transientFault).map(serverFault) },
  { weight: 16, arbitrary: script(blamingFault).map(serverFault) },
  { weight: 64, arbitrary: fc.constant(null).map(heal) },
  { weight: 8, arbitrary: fc.constantFrom(0, 1).map(refuse) },
  { weight: 8, arbitrary: fc.constantFrom(1, 2, 3).map(takeAtMost) },
  { weight: 24, arbitrary: fc.tuple(fc.constantFrom('state' as const, 'nothing' as const), fc.constantFrom('same' as const, 'ahead' as const, 'behind' as const)).map(([keep, clock]) => serverRestart(keep, clock)) },
  { weight: 8, arbitrary: fc.constant(null).map(rotateCookie) },
  { weight: 16, arbitrary: fc.constantFrom(0, 0, 20, 20, 900, 900, 9990, 10_010).map(latency) },
  { weight: 24, arbitrary: fc.constantFrom(true, false, false).map(reorder) },
  { weight: 8, arbitrary: fc.constantFrom(60_000, 28_800_000).map(sleep) },
  { weight: 8, arbitrary: fc.constantFrom(hide, show).map((make) => make()) },
  { weight: 8, arbitrary: fc.constantFrom(offline, online, online).map((make) => make()) },
  { weight: 8, arbitrary: fc.constantFrom(1, 60_000, 3_600_000).map(leavePage) },
  { weight: 16, arbitrary: fc.constant(null).map(expireToken) },
  { weight: 8, arbitrary: fc.constantFrom<TokenGiving>('fresh', 'same', 'fails', 'hangs').map(setToken) },
];

const closing: typeof peaceful = [
  { weight: 1, arbitrary: fc.constant(null).map(closeClient) },
  { weight: 1, arbitrary: which.map(closeInsideNext) },
];

/** Any command except those that end the client. */
export const anyCommand: fc.Arbitrary<Command> = fc.oneof(...peaceful, ...hostile);

/** Sequences of at most `maxCommands` commands. */
export function lives(maxCommands: number, replayPath?: string): fc.Arbitrary<Iterable<Command>> {
  const choice = fc.oneof(...peaceful, ...hostile, ...closing);
  return fc.commands([choice], { maxCommands, size: 'max', ...(replayPath === undefined ? {} : { replayPath }) });
}
