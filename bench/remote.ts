/**
 * Calls into another process of the bench, and answers to such calls, over the channel that `fork` opens. Owns matching
 * answers with calls, and the deadline by which a process must answer. Knows nothing of the methods.
 */
import { fork } from 'node:child_process';

/** Methods of one argument at most, plain data in and out. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- any method: each has its own argument
type Methods = Readonly<Record<string, (argument: any) => unknown>>;

interface Call {
  readonly id: number;
  readonly method: string;
  readonly argument: unknown;
}

interface Answer {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: string;
}

/** Another process and its methods. */
export interface Remote<M> {
  call<K extends keyof M & string>(method: K, ...argument: ParametersOf<M[K]>): Promise<ResultOf<M[K]>>;
  /** Ends the process; harmless once it has ended. */
  end(): Promise<void>;
}

type ParametersOf<F> = F extends (...given: infer P) => unknown ? P : never;
type ResultOf<F> = F extends (...given: never[]) => infer R ? Awaited<R> : never;

/** Milliseconds: no call within the bench takes that long. */
const deadline = 120_000;
const farewell = 'end';
/** Milliseconds within which a process must end. */
const timeLimit = 3000;

/**
 * Starts a file of the bench in a process of its own. Keeps its output for the message, in case it fails.
 *
 * @param options - for Node.
 * @param given - for the file.
 */
export function start<M extends object>(file: string, options: readonly string[] = [], given: readonly string[] = []): Remote<M> {
  const path = new URL(file, import.meta.url);
  const child = fork(path, given, { execArgv: ['--no-deprecation', ...options], silent: true });
  const pending = new Map<number, { resolve(result: unknown): void; reject(error: Error): void }>();
  let printed = '';
  let calls = 0;
  let over: Error | undefined;
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => (printed = (printed + text).slice(-4000)));
  }
  child.on('message', (message: unknown) => {
    const { id, result, error } = message as Answer;
    const waiting = pending.get(id);
    pending.delete(id);
    if (error === undefined) {
      waiting?.resolve(result);
    } else {
      waiting?.reject(new Error(`${file}: ${error}`));
    }
  });
  const ended = new Promise<void>((resolve) => {
    child.once('close', (code, signal) => {
      over = new Error(`${file} ended (${signal ?? code ?? 'unknown'})${printed === '' ? '' : `:\n${printed}`}`);
      for (const { reject } of pending.values()) {
        reject(over);
      }
      pending.clear();
      resolve();
    });
  });

  return {
    async call(method, ...[argument]) {
      if (over !== undefined) {
        throw over;
      }
      const id = calls++;
      let timer: NodeJS.Timeout | undefined;
      try {
        return await new Promise((resolve, reject) => {
          timer = setTimeout(() => reject(new Error(`${file}: no answer to ${method} within ${deadline} ms\n${printed}`)), deadline);
          pending.set(id, { resolve, reject });
          child.send({ id, method, argument } satisfies Call);
        });
      } finally {
        clearTimeout(timer);
        pending.delete(id);
      }
    },
    async end() {
      if (child.connected) {
        child.send(farewell);
      }
      // It ends by itself, after a profiler has written its file; one that hangs is killed.
      const timer = setTimeout(() => child.kill('SIGKILL'), timeLimit);
      await ended;
      clearTimeout(timer);
    },
  };
}

/** Answers the calls of the parent process, and ends with it. */
export function serve(methods: Methods): void {
  process.on('message', (message: unknown) => {
    if (message === farewell) {
      process.exit();
    }
    const { id, method, argument } = message as Call;
    void answer(id, () => methods[method]?.(argument));
  });
  process.on('disconnect', () => process.exit());
}

async function answer(id: number, call: () => unknown): Promise<void> {
  let told: Answer;
  try {
    told = { id, result: await call() };
  } catch (error) {
    told = { id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
  if (process.connected) {
    process.send?.(told);
  }
}
