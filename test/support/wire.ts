import { once } from 'node:events';
import net from 'node:net';

/** A wire to a database server that can be cut and mended. */
export interface Wire {
  /** The database's URL over this wire. */
  url: string;
  /** Breaks what is open and refuses what comes, until `mend`. */
  cut(): void;
  /** The same, as a server that says goodbye: no error of the system tells of it. */
  hangUp(): void;
  mend(): void;
  close(): Promise<void>;
}

/** Lays a wire to the server of a database URL. */
export async function startWire(databaseUrl: string): Promise<Wire> {
  const { hostname, port } = new URL(databaseUrl);
  const open = new Set<net.Socket>();
  let whole = true;
  let polite = false;
  const server = net.createServer((near) => {
    near.on('error', () => {});
    if (!whole) {
      if (polite) near.resume().end();
      else near.resetAndDestroy();
      return;
    }
    const far = net.connect(Number(port), hostname);
    far.on('error', () => {});
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(one);
      one.pipe(other);
      one.on('close', () => {
        open.delete(one);
        other.destroy();
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(databaseUrl);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as net.AddressInfo).port);
  return {
    url: url.href,
    cut: () => {
      whole = polite = false;
      for (const socket of open) socket.resetAndDestroy();
    },
    hangUp: () => {
      whole = false;
      polite = true;
      for (const socket of open) socket.end();
    },
    mend: () => {
      whole = true;
    },
    close: async () => {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
