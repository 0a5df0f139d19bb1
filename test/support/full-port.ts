/** A port on loopback whose queue of connections is full, so that further connections hang, as behind a firewall that drops packets. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { onTestFinished } from 'vitest';
import { start } from './child.js';

/** Listens, prints its port, and then never returns to the event loop, so that only the system accepts connections. */
const program = `
  const { createServer } = require('node:net');
  const server = createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
    require('node:fs').writeSync(1, server.address().port + '\\n');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  });
`;
/** The system's queue holds one connection more than the backlog. */
const queued = 2;

export async function startFullPort(): Promise<number> {
  const child = start(['--eval', program]);
  const [text] = (await once(child.process.stdout, 'data')) as [Buffer];
  const port = Number(text.toString());
  for (let index = 0; index < queued; index++) {
    const socket = connect(port, '127.0.0.1').on('error', () => undefined);
    onTestFinished(() => void socket.destroy());
    await once(socket, 'connect');
  }
  return port;
}
