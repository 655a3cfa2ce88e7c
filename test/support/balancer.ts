import { Agent, createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A balancer as operators put before several processes. */
export interface Balancer {
  base: string;
  /** Sends requests to this port too, once it says that it is ready. */
  add(port: number): void;
  /** Ports that take requests now. */
  ready(): number[];
  stop(): Promise<void>;
}

/** How often /readyz is asked: a second and less is usual. */
const LOOK_MS = 250;

/** What an answer says of its own connection. */
const OF_THE_LINE = ['connection', 'keep-alive'];

/**
 * Starts a balancer that asks each process for /readyz, keeps its connections to them, and sends a request once: what
 * fails, fails for whoever asked.
 */
export async function startBalancer(): Promise<Balancer> {
  const agent = new Agent({ keepAlive: true });
  const ports = new Map<number, boolean>();
  const ready = () => [...ports].filter(([, isReady]) => isReady).map(([port]) => port);
  const look = async () => {
    for (const port of ports.keys()) ports.set(port, await answersReady(port));
  };
  let turn = 0;
  const server = createServer((req, res) => {
    const port = ready()[turn++ % Math.max(1, ready().length)];
    if (port === undefined) return void res.writeHead(503).end('no process is ready');
    const { method, url: path, headers } = req;
    const onward = request({ port, host: '127.0.0.1', method, path, headers, agent }, (answer) => {
      const rest = Object.entries(answer.headers).filter(([name]) => !OF_THE_LINE.includes(name));
      res.writeHead(answer.statusCode ?? 502, Object.fromEntries(rest));
      answer.on('error', () => res.destroy()).pipe(res);
    });
    onward.on('error', (error) => void res.writeHead(502).end(error.message));
    req.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const timer = setInterval(() => void look(), LOOK_MS);
  return {
    base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    add: (port) => void ports.set(port, false),
    ready,
    stop: async () => {
      clearInterval(timer);
      agent.destroy();
      await closed(server);
    },
  };
}

function answersReady(port: number): Promise<boolean> {
  return fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(2_000) }).then(
    ({ status }) => status === 200,
    () => false,
  );
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
