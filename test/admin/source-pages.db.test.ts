import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ingestInputs } from '../../src/ingest/run-ingest.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { makeDigest } from '../world/digests.ts';
import { OWN_DIGESTS } from '../world/digest-files.ts';
import { adminServer, type AdminServer } from './admin-server.ts';

const database = testDatabase();
let ctx: TestContext;
let server: AdminServer;
let session: { cookie: string; csrf: string };

beforeAll(async () => {
  ctx = await testContext(database, { SOURCES: 'samples=seeds/digests' });
  ctx.setNow('2026-11-21T12:00:00Z');
  await ingestInputs(ctx, OWN_DIGESTS.files, { source: 'samples' });
  server = await adminServer(ctx);
  session = await server.signIn();
});
afterAll(() => server.close());

const text = async (path: string) => (await server.get(path, session.cookie)).text();
const said = (answer: Response) =>
  decodeURIComponent(/message=(.*)/.exec(answer.headers.get('location') ?? '')?.[1] ?? '');
const digestOn = (day: string, source = 'samples') =>
  ctx.db.digest.findFirstOrThrow({ where: { source, digestOn: new Date(day) } });

describe('the page of the sources', () => {
  test('when all is well, then each source has its last list and a square for each of 30 days', async () => {
    const page = await text('/admin/sources');
    expect(page.match(/<li class="(?:fresh|none|rest|silent|quiet|held)">/g)).toHaveLength(30);
    expect(page).toMatch(/Fri,? 20 Nov: 12 papers/);
    expect(page).toContain('2026-11-20, 12 papers');
  });

  test('when a list is held, then it stands on top with what is new in it', async () => {
    await makeDigest(ctx.db, '2026-11-21', ['A paper nobody knew'], ctx.now(), { source: 'samples', state: 'held' });
    const page = await text('/admin/sources');
    expect(page).toContain('One list is held');
    expect(page.indexOf('A paper nobody knew')).toBeGreaterThan(0);
    expect(page).toContain('Against 2026-11-20: one new paper, 12 gone, 0 on both');
  });

  test('when a source is to be asked now, then its addresses are due and the job is woken; never against its wish', async () => {
    const now = ctx.now();
    const address = { source: 'samples', key: new Uint8Array(4), name: 'x', askedAt: now, dueAt: new Date(+now + 9e6) };
    await ctx.db.sourceAddress.create({ data: address });
    expect(said(await server.post('/admin/sources/samples', { csrf: session.csrf }, session.cookie))).toContain(
      'is being asked',
    );
    expect(ctx.woken).toContain('ingest');
    expect((await ctx.db.sourceAddress.findFirstOrThrow()).dueAt).toEqual(now);
    await ctx.db.sourceAddress.updateMany({ data: { retryAt: new Date(+now + 9e6), dueAt: new Date(+now + 9e6) } });
    expect(said(await server.post('/admin/sources/samples', { csrf: session.csrf }, session.cookie))).toContain(
      'stay away',
    );
    expect((await ctx.db.sourceAddress.findFirstOrThrow()).dueAt).not.toEqual(now);
    expect(said(await server.post('/admin/sources/nowhere', { csrf: session.csrf }, session.cookie))).toContain(
      'no source',
    );
    expect(await ctx.db.auditEntry.count({ where: { action: 'source.fetch' } })).toBe(1);
  });
});

describe('a source of several addresses', () => {
  const at = (minutes: number) => new Date(+ctx.now() + minutes * 60_000);
  const addresses = (...rows: { askedAt: Date; dueAt: Date; retryAt?: Date }[]) =>
    ctx.db.sourceAddress.createMany({
      data: rows.map((row, key) => ({ source: 'samples', key: Uint8Array.of(9, key), name: 'x', ...row })),
    });
  const next = async () => /<dt>Next<\/dt><dd>.*?datetime="([^"]+)"/s.exec(await text('/admin/sources'))?.[1];
  beforeEach(() => ctx.db.sourceAddress.deleteMany());

  test('when one of them is asked no more, then the next time is that of the others', async () => {
    await addresses({ askedAt: at(-9_000), dueAt: at(-8_970) }, { askedAt: at(-10), dueAt: at(20) });
    expect(new Date((await next()) ?? 0)).toEqual(at(20));
  });

  test('when one of them is to be asked at once again, then that is the next time', async () => {
    await addresses({ askedAt: at(-1), dueAt: at(-1) }, { askedAt: at(-2), dueAt: at(28) });
    expect(new Date((await next()) ?? 0)).toEqual(at(-1));
  });

  test('when none is due since the last was asked, then no next time is told', async () => {
    await addresses({ askedAt: at(-1), dueAt: at(-2) });
    expect(await next()).toBeUndefined();
  });

  test('when one of them asked us to stay away, then nothing is asked before, and the wish to ask now says so', async () => {
    const away = { askedAt: at(-2), dueAt: at(120), retryAt: at(120) };
    await addresses(away, { askedAt: at(-1), dueAt: at(29) });
    expect(new Date((await next()) ?? 0)).toEqual(at(120));
    const acts = await ctx.db.auditEntry.count({ where: { action: 'source.fetch' } });
    const answer = await server.post('/admin/sources/samples', { csrf: session.csrf }, session.cookie);
    expect(said(answer)).toContain('stay away');
    expect(await ctx.db.sourceAddress.count({ where: { dueAt: { lte: ctx.now() } } })).toBe(0);
    expect(await ctx.db.auditEntry.count({ where: { action: 'source.fetch' } })).toBe(acts);
  });
});

describe('the page of a list', () => {
  test('when it is opened, then its entries stand beside the text they were read from, and what is new beside them', async () => {
    const { id } = await digestOn('2026-11-20');
    const warnings = [
      { position: 2, field: 'url', problem: 'missing <i>' },
      { position: null, field: 'digestOn', problem: 'guessed' },
    ];
    await ctx.db.digest.update({ where: { id }, data: { warnings } });
    const page = await text(`/admin/digests/${id}`);
    expect(page).toContain('Against 2026-11-19');
    expect(page).toMatch(/<pre class="raw"[^>]*>[^<]{200}/);
    expect(page.slice(page.indexOf('<li value="2"'), page.indexOf('<li value="3"'))).toContain(
      'url: missing &lt;i&gt;',
    );
    expect(page).toContain('list day: guessed');
  });

  test('when it is read again, then what would be otherwise is told and nothing changes', async () => {
    const { id } = await digestOn('2026-11-20');
    expect(await text(`/admin/digests/${id}?again=yes`)).toContain('nothing would be otherwise');
    await ctx.db.entry.updateMany({ where: { digestId: id, position: 1 }, data: { title: 'Another title' } });
    const page = await text(`/admin/digests/${id}?again=yes`);
    expect(page).toMatch(/would change<\/strong> \(title/);
    expect(await ctx.db.entry.count({ where: { title: 'Another title' } })).toBe(1);
  });

  test('when it is to be discarded, then it is asked first; when released, then at once', async () => {
    const { id } = await digestOn('2026-11-21');
    const path = `/admin/digests/${id}`;
    const act = (fields: Record<string, string>) =>
      server.post(path, { csrf: session.csrf, ...fields }, session.cookie);
    expect(said(await act({ action: 'release' }))).toContain('Released');
    expect(await (await act({ action: 'discard' })).text()).toContain('name="sure" value="yes"');
    expect((await digestOn('2026-11-21')).state).toBe('released');
    expect(said(await act({ action: 'discard', sure: 'yes' }))).toContain('Discarded');
  });
});
