import type { TestContext } from '../support/context.ts';
import { startWeb } from '../http/web-server.ts';
import { createToken } from '../../src/operate/create-token.ts';

/** The API of a context over HTTP, with what a program does. */
export interface ApiServer {
  base: string;
  /** Asks; a body is sent as JSON. */
  ask(method: string, path: string, options?: Asked): Promise<Told>;
  close(): Promise<void>;
}

/** How the API is asked. */
export interface Asked {
  token?: string;
  body?: unknown;
  headers?: Record<string, string>;
}

/** What the API told. */
export interface Told {
  status: number;
  headers: Headers;
  body: Record<string, unknown>;
  text: string;
}

let made = 0;

/** Makes a token with these scopes; returns its text. */
export async function tokenWith(ctx: TestContext, ...scopes: string[]): Promise<string> {
  return (await createToken(ctx, { name: `program-${++made}`, scopes }, 'cli')).secret;
}

/** Serves a context's API on a port of its own. */
export async function apiServer(ctx: TestContext): Promise<ApiServer> {
  const web = await startWeb(ctx);
  const ask: ApiServer['ask'] = async (method, path, { token = '', body, headers = {} } = {}) => {
    const response = await fetch(`${web.base}/api/v1${path}`, {
      method,
      redirect: 'manual',
      headers: {
        ...(token && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const parsed = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
    return { status: response.status, headers: response.headers, body: parsed, text };
  };
  return { base: web.base, ask, close: () => web.close() };
}
