import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Express, RequestHandler } from 'express';

/** How patient the server is with those who connect, in milliseconds but for `connections`. */
export interface ServerLimits {
  /** For all headers of a request to arrive. */
  headersMs: number;
  /** For the body of a request to arrive. */
  requestMs: number;
  /** The same where `takesLonger` lets somebody send a file. */
  longerMs: number;
  /** For the next request on a connection that is kept. */
  idleMs: number;
  /** For a connection on which nothing moves, such as one whose answer is not taken. */
  stuckMs: number;
  /** Most connections at a time. */
  connections: number;
  /** How often all of this is looked at. */
  lookMs: number;
}

/**
 * Our requests are a few kB, our answers a few 100 kB: who needs longer than this over a bad line is cut off and asks
 * again. The largest file, 200 MB, comes in half an hour over a line that takes a megabit a second.
 */
const LIMITS: ServerLimits = {
  headersMs: 10_000,
  requestMs: 30_000,
  longerMs: 30 * 60_000,
  idleMs: 10_000,
  stuckMs: 60_000,
  connections: 1_000,
  lookMs: 2_000,
};

/** How a server is opened. */
export interface ServerOptions {
  limits?: ServerLimits;
  /** Aborts when the process is to end: from then on each answer is the last on its connection. */
  ending?: AbortSignal;
}

/** What cuts off a request that does not arrive in time. */
const cuts = new WeakMap<IncomingMessage, NodeJS.Timeout>();

/** Lets a request take as long as a large file does: for whoever is known, before their body is read. */
export const takesLonger: RequestHandler = (req, _res, next) => {
  clearTimeout(cuts.get(req));
  cuts.delete(req);
  next();
};

/**
 * Makes the HTTP server of an app. Strangers cannot keep others out by holding connections open (as Slowloris does): a
 * request has to arrive in time, and where all connections are taken the one that has waited longest without a whole
 * request gives way to the new one.
 */
export function createHttpServer(app: Express, { limits = LIMITS, ending }: ServerOptions = {}): Server {
  const server = createServer(
    {
      headersTimeout: limits.headersMs,
      requestTimeout: limits.longerMs,
      keepAliveTimeout: limits.idleMs,
      connectionsCheckingInterval: limits.lookMs,
    },
    app,
  );
  server.setTimeout(limits.stuckMs);
  server.maxConnections = limits.connections + 1; // the one that is too many is let in, for another to give way
  // Before the app: some pages are answered at once.
  server.prependListener('request', (request, response) => {
    if (ending?.aborted) response.setHeader('Connection', 'close');
    cutWhenLate(request, response, limits.requestMs);
  });
  // Node answers these by itself, and would wait for their body.
  server.on('checkExpectation', (_request, response) => response.writeHead(417, { Connection: 'close' }).end());
  const open = new Map<Socket, IncomingMessage | null>();
  server.on('connection', (socket) => {
    socket.once('close', () => open.delete(socket));
    if (open.size >= limits.connections) longestWaiting(open)?.destroy();
    open.set(socket, null);
  });
  server.on('request', (request, response) => {
    open.set(request.socket, request);
    response.once('close', () => {
      if (!open.delete(request.socket)) return; // closed meanwhile
      open.set(request.socket, null); // last in the row again
    });
  });
  return server;
}

/** Cuts a request off that is not whole in time, as Node does after longer: with 408 where nothing was answered yet. */
function cutWhenLate(request: IncomingMessage, response: ServerResponse, ms: number): void {
  const { socket } = request;
  const cut = setTimeout(() => {
    if (request.complete || socket.destroyed) return;
    if (response.socket !== socket || response.headersSent) return void socket.destroy();
    socket.write('HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n');
    socket.destroySoon();
    setTimeout(() => socket.destroy(), 1_000).unref(); // who takes no answer is not waited for
  }, ms);
  cut.unref();
  cuts.set(request, cut);
  request.once('close', () => clearTimeout(cut));
}

/** The first in the row that is neither waiting for us nor let to take longer. */
function longestWaiting(open: ReadonlyMap<Socket, IncomingMessage | null>): Socket | undefined {
  for (const [socket, request] of open) if (!request || (!request.complete && cuts.has(request))) return socket;
  return undefined;
}
