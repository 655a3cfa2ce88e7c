import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a receiver was sent. */
export interface Received {
  path: string;
  headers: Record<string, string>;
  body: string;
  /** When, by `performance.now()`. */
  atMs: number;
}

/** A program that is told what happens, and answers as it is let. */
export interface HookReceiver {
  url: string;
  received: Received[];
  /** What the next messages are answered: a status, a redirect, «later», or nothing at all. */
  answers: (number | { redirect: string } | { later: string } | 'hang')[];
  close(): Promise<void>;
}

/** Starts a receiver; once its answers are used up it answers 204. */
export async function hookReceiver(): Promise<HookReceiver> {
  const received: Received[] = [];
  const answers: HookReceiver['answers'] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const headers = request.headers as Record<string, string>;
      received.push({
        ...{ path: request.url ?? '', headers, atMs: performance.now() },
        body: Buffer.concat(chunks).toString(),
      });
      const answer = answers.shift() ?? 204;
      if (answer === 'hang') return;
      if (typeof answer === 'number') response.writeHead(answer, answer === 503 ? { 'retry-after': '7200' } : {}).end();
      else if ('later' in answer) response.writeHead(503, { 'retry-after': answer.later }).end();
      else response.writeHead(302, { location: answer.redirect }).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    ...{ url: `http://127.0.0.1:${port}/told`, received, answers },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
