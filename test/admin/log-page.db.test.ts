import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { forgetOrigins } from '../../src/db/operator/audit.ts';
import { importAtOnce } from '../../src/operate/errands/import-at-once.ts';
import { runErrands } from '../../src/operate/errands/run-errands.ts';
import { pause } from '../../src/subscribers/pause.ts';
import { changePreferences, preferencesOf } from '../../src/subscribers/preferences.ts';
import type { Subscriber } from '../../src/model/subscriber.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { makeReader } from '../world/readers.ts';
import { adminServer, type AdminServer } from './admin-server.ts';

const database = testDatabase();
const EVIL = '<img src=x onerror=alert(1)>';
let ctx: TestContext;
let admin: AdminServer;
let session: { cookie: string; csrf: string };
let reader: Subscriber;

beforeAll(async () => {
  ctx = await testContext(database);
  admin = await adminServer(ctx);
  session = await admin.signIn();
  reader = await makeReader(ctx.db, ctx.now(), { email: 'kelp@example.org', wishes: ['tides'] });
});
afterAll(() => admin.close());

const page = async (path: string) => (await admin.get(path, session.cookie)).text();
const newest = async () => (await ctx.db.auditEntry.findFirstOrThrow({ orderBy: { id: 'desc' } })).id;
const press = (id: bigint) => admin.post(`/admin/audit/${id}`, { csrf: session.csrf }, session.cookie);
const saidAfter = async (id: bigint) => {
  const answer = await press(id);
  return new URL(answer.headers.get('location') ?? '', admin.base).searchParams.get('message');
};

test('when a reader pauses, then the log names them by address, and one press takes it back', async () => {
  await pause(ctx, { publicId: reader.publicId }, new Date('2026-02-01T00:00:00Z'));
  const paused = await newest();
  const log = await page('/admin/audit');
  expect(log).toContain(`<a href="/admin/subscribers/${reader.publicId}">kelp@example.org</a>`);
  expect(log).toContain('paused until: none →');
  expect(await saidAfter(paused)).toBe('Taken back: paused.');
  expect(await saidAfter(paused)).toBe('Somebody took it back before.');
  expect(await page('/admin/audit')).toContain('took back: paused');
  expect(await ctx.db.subscriber.findFirst()).toMatchObject({ pausedUntil: null });
});

test('when something newer stands on an act, then the page names it', async () => {
  const known = await ctx.db.subscriber.findFirstOrThrow();
  const change = (hour: number, text: string) =>
    changePreferences(
      ctx,
      { publicId: reader.publicId },
      {
        wishes: [{ kind: 'words', text, muted: false }],
        preferences: { ...preferencesOf(known), hour },
      },
      { actor: 'admin:ada@example.org' },
    );
  await change(20, `${EVIL} tides`);
  const first = await newest();
  await change(3, 'kelp');
  const second = await newest();
  expect(await saidAfter(first)).toBe(
    `Not taken back: “settings changed” by ada@example.org (act ${second}) is newer and stands on it. Take that back first.`,
  );
});

test('when what was changed holds markup, then the log shows it as text', async () => {
  for (const path of ['/admin/audit', `/admin/audit/${await newest()}`]) {
    const html = await page(path);
    expect(html).toContain('&lt;img src');
    expect(html).not.toContain('<img src=x');
  }
});

test('when the log is narrowed, then only such acts are in it; the choices are those that it holds', async () => {
  const html = await page('/admin/audit?who=admin%3Aada%40example.org&what=change-preferences');
  expect(html).toContain('<option value="reader">the reader</option>');
  expect(html.match(/<tr>/g)).toHaveLength(3);
  expect(await page('/admin/audit?since=2026-01-06')).toContain('Nothing of that kind');
  expect((await page('/admin/audit?until=2026-01-05')).match(/<tr>/g)?.length).toBeGreaterThan(3);
});

test('when the log is taken along, then it is CSV in which no cell is a formula', async () => {
  await ctx.db.auditEntry.create({
    data: { at: ctx.now(), actor: 'cli', action: '=HYPERLINK("http://evil.example")' },
  });
  const csv = await page('/admin/audit?format=csv');
  expect(csv).toContain(`"'=HYPERLINK(""http://evil.example"")"`);
});

test('when a cursor is forged, an act unknown or a form without its token, then it is refused', async () => {
  expect((await admin.get('/admin/audit?cursor=Zm9yZ2Vk', session.cookie)).status).toBe(422);
  expect((await admin.get('/admin/audit/999999999', session.cookie)).status).toBe(404);
  expect((await admin.get('/admin/audit/1%27', session.cookie)).status).toBe(404);
  expect((await admin.post(`/admin/audit/${await newest()}`, {}, session.cookie)).status).toBe(403);
});

test('when nothing lies at an address, then that is said among the pages of the admin, with their menu', async () => {
  const gone = await page('/admin/audit/999999999');
  expect(gone).toContain('<h1>Nothing here</h1>');
  expect(gone).toContain('href="/admin/editions"');
});

test('when an import is to be taken back, then it is asked first, since whom it removes is gone', async () => {
  const file = Readable.from(['email\nivy@example.org\n']);
  const { act } = await importAtOnce(ctx, file, { name: 'spring.csv', map: new Map(), actor: 'cli' });
  const isHere = async () => {
    await runErrands(ctx, 'errands');
    return (await ctx.db.subscriber.count({ where: { email: 'ivy@example.org' } })) === 1;
  };
  expect(await (await press(act ?? 0n)).text()).toContain('This cannot be taken back');
  expect(await isHere()).toBe(true);
  await admin.post(`/admin/audit/${act}`, { csrf: session.csrf, sure: 'yes' }, session.cookie);
  expect(await isHere()).toBe(false);
});

test('when somebody acts over the web, then the log keeps their network, and housekeeping can drop it', async () => {
  const act = await ctx.db.auditEntry.findFirstOrThrow({ where: { action: 'admin.sign-in' } });
  expect(act.origin).toBe('this machine');
  expect(await forgetOrigins(ctx.db, new Date(ctx.now().getTime() + 1))).toBeGreaterThan(0);
  expect(await ctx.db.auditEntry.count({ where: { origin: { not: null } } })).toBe(0);
});
