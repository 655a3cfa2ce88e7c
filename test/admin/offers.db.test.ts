import { afterAll, beforeAll, expect, test } from 'vitest';
import { adminRights } from '../../src/admin/app.ts';
import { settleLetter } from '../../src/operate/feedback/settle-letter.ts';
import { makeSignInLink } from '../../src/operate/make-sign-in-link.ts';
import { addDays } from '../../src/lib/time.ts';
import { atLeast, ROLES, type Role } from '../../src/model/role.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { asFixture } from '../support/wall.ts';
import { fillAdmin, type Places } from '../world/busy-admin.ts';
import { GONE_SOURCE, notFound, troubleAdmin } from '../world/troubled-admin.ts';
import { adminServer, type AdminServer } from './admin-server.ts';
import { getRoutes, pathOf } from './every-path.ts';

const database = testDatabase();
const LONG_MS = 240_000;
/** A stream, and a mail as it reads. */
const NO_PAGE = ['/events', '/editions/:key/read/:id'];
/** Each route with the addresses that find it; of several the first does, as with Express. */
const ROUTES = [...adminRights].map(([route, right]) => {
  const [method = '', path = ''] = route.split(' ');
  const pattern = path === '/' ? '' : path.replaceAll('.', '\\.').replace(/:\w+/g, '[^/]+');
  return {
    method,
    finds: new RegExp(`^/admin${pattern}/?$`),
    right: typeof right === 'string' ? { role: right } : right,
  };
});

let ctx: TestContext;
let admin: AdminServer;
let paths: string[];

beforeAll(async () => {
  const settings = { SOURCES: GONE_SOURCE, ADMIN_EMAIL: 'ops@example.org' };
  ctx = await testContext(database, settings, { fetchSource: notFound });
  admin = await adminServer(ctx);
  const places = await fillAdmin(ctx);
  const failed = await troubleAdmin(ctx);
  const settled = await moreToDo(places);
  const toCome = `daily:${addDays(ctx.now().toISOString().slice(0, 10), 1)}`;
  paths = getRoutes(NO_PAGE).map((route) =>
    pathOf(route, route.endsWith('/dry-run') ? { ...places, editions: toCome } : places),
  );
  const held = await ctx.db.digest.findFirstOrThrow({ where: { state: 'held' } });
  paths.push(`/admin/editions/${toCome}`, `/admin/digests/${held.id}`, `/admin/errands/${failed}`, settled);
}, LONG_MS);
afterAll(() => admin.close());

/** An edition with mails that need somebody, and a letter that was dealt with; says where that stands in the log. */
async function moreToDo({ editions = '', replies = '' }: Places): Promise<string> {
  await asFixture(
    ctx.db,
    `UPDATE deliveries SET state = become.state::delivery_state, end_reason = become.reason::end_reason
     FROM (SELECT id AS those_id, row_number() OVER (ORDER BY id) AS nth FROM deliveries
       WHERE edition_id = (SELECT id FROM editions WHERE key = $1)) AS those
     JOIN (VALUES (1, 'uncertain', 'lost'), (2, 'failed', 'late')) AS become (place, state, reason) ON place = nth WHERE id = those_id`,
    [editions],
  );
  await settleLetter(ctx, replies, false, 'admin:ada@example.org');
  await settleLetter(ctx, replies, true, 'admin:ada@example.org');
  const { id } = await ctx.db.auditEntry.findFirstOrThrow({ where: { action: 'letter.done' } });
  return `/admin/audit/${id}`;
}

/** The role that opens an address or may do an act there; null where it is none behind the sign-in. */
function leastOf(method: string, address: string, act: string): Role | null {
  const { pathname, searchParams } = new URL(address, 'http://localhost');
  const right = ROUTES.find((route) => route.method === method && route.finds.test(pathname))?.right;
  if (!right) return null;
  if (searchParams.get('format') === 'csv') return 'editor';
  const acts: Readonly<Record<string, { role: Role }>> = ('acts' in right && right.acts) || {};
  return acts[act]?.role ?? right.role;
}

const plain = (html: string) => html.replaceAll('&#x3D;', '=').replaceAll('&amp;', '&');

type Offer = readonly [method: string, address: string, act: string];

/** Whatever a page offers: links, frames, and forms with their acts. */
function offersOf(page: string): Offer[] {
  const html = plain(page);
  const links = [...html.matchAll(/\s(?:href|src)="(\/admin[^"]*)"/g)].map(([, at = '']): Offer => ['GET', at, '']);
  const forms = [...html.matchAll(/<form method="post" action="([^"]*)"[^>]*>(.*?)<\/form>/gs)];
  const acts = forms.flatMap(([, at = '', inner = '']) => {
    const named = [...inner.matchAll(/name="action" value="([^"]*)"/g)].map(([, act = '']) => act);
    return (named.length > 0 ? named : ['']).map((act): Offer => ['POST', at, act]);
  });
  return [...links, ...acts];
}

test.each(ROLES)(
  'when somebody with the role %s looks around, then no page offers what is not theirs',
  async (role) => {
    await makeSignInLink(ctx, 'first@example.org', 'cli');
    const { cookie } = await admin.signIn(`${role}@example.org`, {}, role);
    const found: string[] = [];
    let offers = 0;
    for (const path of paths.filter((one) => atLeast(role, leastOf('GET', one, '') ?? 'viewer'))) {
      const answer = await admin.get(path, cookie);
      expect([200, 303], path).toContain(answer.status);
      for (const [method, at, act] of offersOf(await answer.text())) {
        const least = leastOf(method, at, act) ?? 'viewer';
        offers++;
        if (!atLeast(role, least)) found.push(`${path}: ${method} ${at} ${act} takes the role ${least}`);
      }
    }
    expect([...new Set(found)]).toEqual([]);
    expect(offers).toBeGreaterThan(200);
  },
  LONG_MS,
);

test('when an editor looks at an edition, then all that an editor may do stands there; a viewer sees whom it is about', async () => {
  const edition = paths.find((path) => path.startsWith('/admin/editions/')) ?? '';
  const see = async (role: Role) =>
    plain(await (await admin.get(edition, (await admin.signIn(`${role}@example.org`, {}, role)).cookie)).text());
  const [editor, viewer] = [await see('editor'), await see('viewer')];
  for (const act of ['leave', 'resend', 'plan']) expect([act, editor.includes(`value="${act}"`)]).toEqual([act, true]);
  expect(editor).toContain('<iframe');
  expect(viewer).toContain('state=uncertain');
});
