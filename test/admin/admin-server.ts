import { links } from '../../src/links/links.ts';
import { makeSignInLink } from '../../src/operate/make-sign-in-link.ts';
import type { Role } from '../../src/model/role.ts';
import type { TestContext } from '../support/context.ts';
import { startWeb } from '../http/web-server.ts';

/** The pages of a context over HTTP, with what an admin's browser does. */
export interface AdminServer {
  base: string;
  get(path: string, cookie?: string): Promise<Response>;
  /** Sends a form; where a question is asked first, its page is the answer. */
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
  /** Returns the paths of the links to sign in that were mailed to an address, in order. */
  mailedPaths(email: string): Promise<string[]>;
  close(): Promise<void>;
}

/** Serves a context's pages on a port of their own. */
export async function adminServer(ctx: TestContext): Promise<AdminServer> {
  const web = await startWeb(ctx);
  const get: AdminServer['get'] = (path, cookie = '') => web.get(path, { cookie });
  const post: AdminServer['post'] = async (path, fields, cookie = '', headers = {}) => {
    const answer = await web.post(path, fields, { cookie, ...headers });
    const to = answer.headers.get('location') ?? '';
    return /[?&](?:ask|try)=/.test(to) ? web.get(to, { cookie, ...headers }) : answer;
  };
  const linkPath: AdminServer['linkPath'] = async (email = 'ada@example.org', role = 'owner') =>
    new URL(await makeSignInLink(ctx, email, 'cli', role)).pathname;
  const signIn: AdminServer['signIn'] = async (email, headers = {}, role = 'owner') => {
    const answer = await post(await linkPath(email, role), {}, '', headers);
    const cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    const page = await (await get('/admin', cookie)).text();
    return { cookie, csrf: /name="csrf" value="([^"]+)"/.exec(page)?.[1] ?? '' };
  };
  const mailedPaths: AdminServer['mailedPaths'] = async (email) => {
    const mails = await ctx.db.delivery.findMany({ where: { email, kind: 'sign_in' }, orderBy: { id: 'asc' } });
    return mails.map(({ payload }) => links.signin('', ctx.keys.link[0]!, (payload as { link: string }).link, 0));
  };
  return { base: web.base, get, post, linkPath, signIn, mailedPaths, close: () => web.close() };
}
