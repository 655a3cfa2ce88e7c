import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { makeSignInLink } from '../../src/admin/sign-in.ts';
import { createWebApp } from '../../src/web/app.ts';
import type { TestContext } from '../support/context.ts';

/** The pages of a context over HTTP, with what a browser of an admin's does. */
export interface AdminServer {
  base: string;
  get(path: string, cookie?: string): Promise<Response>;
  post(
    path: string,
    fields: Record<string, string>,
    cookie?: string,
    headers?: Record<string, string>,
  ): Promise<Response>;
  /** Makes a sign-in link; returns its path. */
  linkPath(email?: string): Promise<string>;
  /** Signs in; returns the cookie and the token of the session's forms. */
  signIn(email?: string, headers?: Record<string, string>): Promise<{ cookie: string; csrf: string }>;
  close(): void;
}

/** Serves a context's pages on a port of their own. */
export async function adminServer(ctx: TestContext): Promise<AdminServer> {
  const server: Server = createWebApp(ctx).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const get: AdminServer['get'] = (path, cookie = '') =>
    fetch(base + path, { redirect: 'manual', headers: { cookie } });
  const post: AdminServer['post'] = (path, fields, cookie = '', headers = {}) =>
    fetch(base + path, {
      method: 'POST',
      redirect: 'manual',
      headers: { cookie, ...headers },
      body: new URLSearchParams(fields),
    });
  const linkPath = async (email = 'ada@example.org') =>
    new URL(await makeSignInLink(ctx, email, { actor: 'cli' })).pathname;
  const signIn: AdminServer['signIn'] = async (email, headers = {}) => {
    const answer = await post(await linkPath(email), {}, '', headers);
    const cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    const page = await (await get('/admin', cookie)).text();
    return { cookie, csrf: /name="csrf" value="([^"]+)"/.exec(page)?.[1] ?? '' };
  };
  return { base, get, post, linkPath, signIn, close: () => void server.close() };
}
