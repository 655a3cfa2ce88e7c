import { once } from 'node:events';
import net from 'node:net';

/** A wire that can be cut. */
export interface Proxy {
  port: number;
  /** Breaks every connection and refuses new ones for a while. */
  cut(ms: number): Promise<void>;
  /** Leads new connections elsewhere. */
  lead(target: number): void;
  close(): Promise<void>;
}

/** Starts a wire on a free port to a port of this machine. */
export async function startProxy(to: number): Promise<Proxy> {
  let target = to;
  const sockets = new Set<net.Socket>();
  let broken = false;
  const server = net.createServer((near) => {
    if (broken) return void near.destroy();
    const far = net.connect(target, '127.0.0.1');
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.pipe(other);
      one.on('error', () => {});
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const breakAll = () => sockets.forEach((socket) => socket.resetAndDestroy());
  return {
    port: (server.address() as net.AddressInfo).port,
    cut: async (ms) => {
      broken = true;
      breakAll();
      await new Promise((resolve) => setTimeout(resolve, ms));
      broken = false;
    },
    lead: (elsewhere) => (target = elsewhere),
    close: async () => {
      breakAll();
      server.close();
      await once(server, 'close');
    },
  };
}
