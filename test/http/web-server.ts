import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Context } from '../../src/context.ts';
import { createHttpApp } from '../../src/http/app.ts';
import type { TakeIn } from '../../src/feedback/received.ts';
import { createHttpServer } from '../../src/http/server.ts';

/** The pages of a context, listening on loopback. */
export interface TestWeb {
  base: string;
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  /** Posts a form; a string is sent as it is, with the content type among the headers. */
  post(
    path: string,
    body: Record<string, string | string[]> | string,
    headers?: Record<string, string>,
  ): Promise<Response>;
  close(): Promise<void>;
}

/**
 * Starts the web app of a context, on a free port where none is given; redirects are not followed. With `parts.takeIn`
 * providers may tell of mails too.
 */
export async function startWeb(ctx: Context, port = 0, parts: { takeIn?: TakeIn } = {}): Promise<TestWeb> {
  const server: Server = createHttpServer(createHttpApp(ctx, parts));
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const request = (path: string, init: RequestInit) => fetch(`${base}${path}`, { redirect: 'manual', ...init });
  return {
    base,
    get: (path, headers = {}) => request(path, { headers }),
    post: (path, body, headers = {}) => {
      if (typeof body === 'string') return request(path, { method: 'POST', body, headers });
      const form = new URLSearchParams(
        Object.entries(body).flatMap(([name, value]) => [value].flat().map((one): [string, string] => [name, one])),
      );
      return request(path, { method: 'POST', body: form, headers });
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
