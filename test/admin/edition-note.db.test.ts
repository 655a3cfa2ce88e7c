import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { loadNotes } from '../../src/db/newsletters/edition-notes.ts';
import { addSuppression } from '../../src/db/subscribers/suppressions.ts';
import { runPlan } from '../../src/plan/run-plan.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { makeDigest, makeMatches, type MadePaper } from '../world/digests.ts';
import { makeReader } from '../world/readers.ts';
import { adminServer, type AdminServer } from './admin-server.ts';

const database = testDatabase();
const EDITION = 'daily:2026-01-05';
const PAGE = `/admin/editions/${encodeURIComponent(EDITION)}`;
const XSS = '<script>alert(1)</script>"><img src=x onerror=alert(1)>';
let ctx: TestContext;
let server: AdminServer;
let editor: { cookie: string; csrf: string };
let papers: MadePaper[];

beforeAll(async () => {
  ctx = await testContext(database);
  server = await adminServer(ctx);
  await server.linkPath('first@example.org');
  editor = await server.signIn('editor@example.org', {}, 'editor');
});
afterAll(() => server.close());
beforeEach(async () => {
  ctx.setNow('2026-01-05T06:00:00Z');
  await database.db
    .$executeRaw`CALL empty_tables('subscribers, papers, captures, interests, editions, edition_notes, edition_nothing_readers, deliveries, suppressions')`;
  papers = await makeDigest(ctx.db, '2026-01-05', ['Kelp <b>', 'Tides'], new Date('2026-01-05T02:00:00Z'));
  await makeMatches(ctx.db, 'kelp', papers.slice(0, 1));
});

const text = async (path = PAGE, { cookie } = editor) => (await server.get(path, cookie)).text();
const save = (fields: Record<string, string>, { cookie, csrf } = editor) =>
  server.post(PAGE, { csrf, action: 'note', ...fields }, cookie);
const said = (answer: Response) =>
  new URL(answer.headers.get('location') ?? '', server.base).searchParams.get('message');
const publicId = async (place: number) =>
  (await ctx.db.paper.findUniqueOrThrow({ where: { id: papers[place]!.paperId } })).publicId;

describe('the page of an edition', () => {
  it('when nothing of it is planned, then the list leads to it, and a note and papers can be added', async () => {
    expect(await text('/admin/editions')).toContain(`href="${PAGE}"`);
    const page = await text();
    expect(page).toContain('Nothing of it is planned yet');
    expect(page).toContain('Kelp &lt;b&gt; (2026-01-05)');
    const pick = await publicId(1);
    expect(said(await save({ 'note-en': 'Hello.', 'note-de': '', 'pick-1': pick, 'pick-2': '' }))).toMatch(/^Saved/);
    expect((await loadNotes(ctx.db, [EDITION])).get(EDITION)).toMatchObject({
      ...{ words: { en: 'Hello.' }, paperIds: [papers[1]!.paperId] },
    });
    expect(await text()).toMatch(new RegExp(`>Hello\\.</textarea>[^]*<option value="${pick}" selected>`));
  });

  it('when it was cancelled, then nothing of it is offered to be sent again, and who asks is told', async () => {
    await ctx.db.edition.create({ data: { key: EDITION, createdAt: ctx.now() } });
    expect(await text()).toContain('value="resend"');
    await ctx.db.edition.update({ where: { key: EDITION }, data: { state: 'cancelled' } });
    expect(await text()).not.toContain('value="resend"');
    const { csrf, cookie } = editor;
    const answer = await server.post(PAGE, { csrf, action: 'resend', only: 'missed' }, cookie);
    expect(said(answer)).toContain('cancelled for good');
  });

  it('when what was typed is refused, then it is kept with what is wrong', async () => {
    const refused = await save({ 'note-en': 'x'.repeat(501), 'note-de': '[x](javascript:alert(1))' });
    const page = await refused.text();
    expect(refused.status).toBe(422);
    expect(page).toContain('English: 501 characters, of 500 at most.');
    expect(page).toMatch(/Deutsch: “javascript:alert\(1” is no address/);
    expect(page).toContain(`${'x'.repeat(501)}</textarea>`);
  });

  it('when a note holds markup, then the page, the newsletter and the test show it as text', async () => {
    const reader = await makeReader(ctx.db, new Date('2026-01-04T12:00:00Z'), { wishes: ['kelp'] });
    await save({ 'note-en': XSS });
    ctx.setNow('2026-01-05T08:00:10Z');
    await runPlan(ctx);
    const { publicId: id } = await ctx.db.newsletter.findFirstOrThrow({ where: { subscriberId: reader.id } });
    const pages = [await text(), await text(`${PAGE}/read/${id}?as=html`), await text('/admin/audit')];
    for (const page of pages) {
      expect(page).not.toMatch(/<script>alert|<img src=x/);
      expect(page).toContain('&lt;script&gt;');
    }
  });

  it('when it is over or cancelled, then what was added is told and no form is there', async () => {
    await save({ 'note-en': 'Hello.' });
    await ctx.db.edition.create({ data: { key: EDITION, createdAt: ctx.now() } });
    ctx.setNow('2026-01-07T00:00:00Z');
    const late = await server.signIn('late@example.org', {}, 'editor');
    const page = await text(PAGE, late);
    expect(page).toContain('Hello.');
    expect(page).not.toContain('name="note-en"');
    expect(said(await save({ 'note-en': 'Late.' }, late))).toBe('This edition is over: nothing can be added to it.');
    expect((await server.get('/admin/editions/daily%3A2025-01-05', late.cookie)).status).toBe(404);
    expect((await server.get('/admin/editions/daily%3A2026-02-31', late.cookie)).status).toBe(404);
  });

  it('when readers had nothing that fitted, then it says how many, beside all mails', async () => {
    await makeMatches(ctx.db, 'bees', []);
    for (const wishes of [['bees'], ['bees'], ['kelp']])
      await makeReader(ctx.db, new Date('2026-01-04T12:00:00Z'), { wishes });
    ctx.setNow('2026-01-05T08:00:10Z');
    await runPlan(ctx);
    expect(await text()).toMatch(
      /All together<\/td><td><\/td><td class="number">1<\/td><\/tr><tr><td>No mail<\/td><td>no paper that they had not had fitted<\/td><td class="number"><a href="[^"]+">2</,
    );
    const list = await text(`/admin/without?edition=${encodeURIComponent(EDITION)}&reason=none-fits`);
    expect(list.match(/<a href="\/admin\/subscribers\/[^"]+">[^<]+@[^<]+<\/a>/g)).toHaveLength(2);
  });
});

describe('who may', () => {
  it('when somebody only looks, then they see the note, and neither form nor address; their forms are refused', async () => {
    await makeReader(ctx.db, new Date('2026-01-04T12:00:00Z'), { email: 'reader@example.org', wishes: ['kelp'] });
    await save({ 'note-en': 'Hello.' });
    const viewer = await server.signIn('viewer@example.org', {}, 'viewer');
    const page = await text(PAGE, viewer);
    expect(page).toContain('Hello.');
    expect(page).not.toMatch(/name="note-en"|value="test"/);
    expect(await text(`${PAGE}/dry-run`, viewer)).toMatch(/r…@example\.org/);
    for (const action of ['note', 'test']) {
      const refused = await server.post(PAGE, { csrf: viewer.csrf, action, 'note-en': 'Mine.' }, viewer.cookie);
      expect([action, refused.status]).toEqual([action, 403]);
    }
    expect((await loadNotes(ctx.db, [EDITION])).get(EDITION)?.words).toEqual({ en: 'Hello.' });
  });

  it('when an editor asks for a test, then it is on its way to them, whatever address the form names', async () => {
    const answer = await server.post(
      PAGE,
      { csrf: editor.csrf, action: 'test', language: 'de', to: 'reader@example.org', email: 'reader@example.org' },
      editor.cookie,
    );
    expect(said(answer)).toBe('A test is on its way to editor@example.org.');
    expect(await ctx.db.delivery.findMany({ select: { kind: true, email: true, language: true } })).toEqual([
      { kind: 'test', email: 'editor@example.org', language: 'de' },
    ]);
  });

  it('when an editor asks who would get it, then it says how many and names some with their first paper', async () => {
    await makeReader(ctx.db, new Date('2026-01-04T12:00:00Z'), { email: 'reader@example.org', wishes: ['kelp'] });
    const page = await text(`${PAGE}/dry-run`);
    expect(page).toContain('It is still to be planned for one reader: as things stand, 1 would get it.');
    expect(page).toMatch(/reader@example\.org<\/a>[^]*Kelp &lt;b&gt;/);
    expect(await ctx.db.newsletter.count()).toBe(0);
  });

  it('when an editor asks who would get it, and it is cancelled or paused, then it says that', async () => {
    const { publicId } = await makeReader(ctx.db, new Date('2026-01-04T12:00:00Z'), { wishes: ['kelp'] });
    await ctx.db.edition.create({ data: { key: EDITION, createdAt: ctx.now(), state: 'paused' } });
    expect(await text(`${PAGE}/dry-run`)).toContain('It is paused: what is planned of it waits until it goes on.');
    await ctx.db.edition.update({ where: { key: EDITION }, data: { state: 'cancelled' } });
    expect(await text(`${PAGE}/dry-run`)).toContain('It was cancelled for good: nobody would get it.');
    expect(await text(`/admin/subscribers/${publicId}/preview`)).toContain('Nothing: this edition was cancelled.');
  });
});

describe('the preview as a reader', () => {
  it('when the editor added words and a paper, then it shows what planning then sends', async () => {
    const joined = new Date('2026-01-04T12:00:00Z');
    const reader = await makeReader(ctx.db, joined, { wishes: ['kelp'], language: 'de' });
    await save({
      'note-en': 'Hello.',
      'note-de': 'Guten [Tag](https://example.org/tag).',
      'pick-1': await publicId(1),
    });
    const page = await text(`/admin/subscribers/${reader.publicId}/preview`);
    expect(page).toContain('Monday');
    expect(page).toContain('lang="de" dir="auto">Guten Tag.</p>');
    expect(page).not.toContain('Hello.');
    const shown = [...page.matchAll(/<li><a href="\/admin\/papers\/([^"]+)">[^<]*<\/a><br><small[^>]*>([^<]*)/g)];
    expect(shown.map(([, id, reason]) => [id, reason])).toEqual([
      [await publicId(0), 'kelp'],
      [await publicId(1), 'chosen by the editor'],
    ]);
    ctx.setNow('2026-01-05T08:00:10Z');
    await runPlan(ctx);
    const { entryIds, pickedIds } = await ctx.db.newsletter.findFirstOrThrow({ where: { subscriberId: reader.id } });
    expect([entryIds, pickedIds]).toEqual([papers.map(({ entryId }) => entryId), [papers[1]!.entryId]]);
  });

  it('when a paper was shown before, then it is not shown again', async () => {
    const reader = await makeReader(ctx.db, new Date('2026-01-04T12:00:00Z'), { wishes: ['kelp'] });
    ctx.setNow('2026-01-05T08:00:10Z');
    await runPlan(ctx);
    expect(await text(`/admin/subscribers/${reader.publicId}/preview`)).toContain(
      'Nothing: no paper that they have not had fits.',
    );
  });

  it('when the address is suppressed, then no edition is named as the next one', async () => {
    const { addressHash, publicId: id } = await makeReader(ctx.db, new Date('2026-01-04T12:00:00Z'), {});
    await addSuppression(ctx.db, { addressHash, reason: 'manual', note: null, at: ctx.now() });
    expect(await text(`/admin/subscribers/${id}/preview`)).toMatch(/^(?![^]*Monday)[^]*No edition is to come for this/);
  });
});
