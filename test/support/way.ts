/** A forwarded port that a test can cut, delay or redirect. Neither side gets an error: data is late, or does not arrive. */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

export interface Way {
  readonly port: number;
  /** The delay of all data in each direction, in milliseconds. */
  delay: number;
  /** The port that new connections lead to. */
  target: number;
  cut(): void;
  heal(): void;
}

/** Opens the port, and closes it at the end of the test. */
export async function openWay(target: number): Promise<Way> {
  const sockets = new Set<Socket>();
  let isCut = false;
  /** Deliveries that came while it was cut, in order. */
  let held: (() => void)[] = [];

  function carry(from: Socket, to: Socket): void {
    sockets.add(from);
    from.on('error', () => undefined);
    from.on('close', () => {
      sockets.delete(from);
      to.destroy();
    });
    from.on('data', (chunk) => {
      const pass = (): unknown => !to.destroyed && to.write(chunk);
      const passOrHold = (): unknown => (isCut ? held.push(pass) : pass());
      if (way.delay > 0) {
        setTimeout(passOrHold, way.delay);
      } else {
        passOrHold();
      }
    });
  }

  const server = createServer((near) => {
    const far = connect(way.target, '127.0.0.1');
    carry(near, far);
    carry(far, near);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    sockets.forEach((socket) => socket.destroy());
  });
  const way: Way = {
    port: (server.address() as AddressInfo).port,
    delay: 0,
    target,
    cut() {
      isCut = true;
    },
    heal() {
      isCut = false;
      const passing = held;
      held = [];
      passing.forEach((pass) => pass());
    },
  };
  return way;
}
