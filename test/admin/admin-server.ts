import { makeSignInLink } from '../../src/operate/make-sign-in-link.ts';
import type { Role } from '../../src/model/role.ts';
import type { TestContext } from '../support/context.ts';
import { startWeb } from '../http/web-server.ts';

/** The pages of a context over HTTP, with what an admin's browser does. */
export interface AdminServer {
  base: string;
  get(path: string, cookie?: string): Promise<Response>;
  post(
    path: string,
    fields: Record<string, string>,
    cookie?: string,
    headers?: Record<string, string>,
  ): Promise<Response>;
  /** Makes a sign-in link, for an owner unless it says otherwise; returns its path. */
  linkPath(email?: string, role?: Role): Promise<string>;
  /** Signs in; returns the cookie and the token of the session's forms. */
  signIn(email?: string, headers?: Record<string, string>, role?: Role): Promise<{ cookie: string; csrf: string }>;
  close(): Promise<void>;
}

/** Serves a context's pages on a port of their own. */
export async function adminServer(ctx: TestContext): Promise<AdminServer> {
  const web = await startWeb(ctx);
  const get: AdminServer['get'] = (path, cookie = '') => web.get(path, { cookie });
  const post: AdminServer['post'] = (path, fields, cookie = '', headers = {}) =>
    web.post(path, fields, { cookie, ...headers });
  const linkPath: AdminServer['linkPath'] = async (email = 'ada@example.org', role = 'owner') =>
    new URL(await makeSignInLink(ctx, email, 'cli', role)).pathname;
  const signIn: AdminServer['signIn'] = async (email, headers = {}, role = 'owner') => {
    const answer = await post(await linkPath(email, role), {}, '', headers);
    const cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    const page = await (await get('/admin', cookie)).text();
    return { cookie, csrf: /name="csrf" value="([^"]+)"/.exec(page)?.[1] ?? '' };
  };
  return { base: web.base, get, post, linkPath, signIn, close: () => web.close() };
}
