import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { startWeb, type TestWeb } from '../http/web-server.ts';
import { confirmedReader, newestConfirmPath, signUp, statusOf } from '../world/sign-ups.ts';

const database = testDatabase();
let ctx: TestContext;
let web: TestWeb;

beforeAll(async () => {
  ctx = await testContext(database);
  web = await startWeb(ctx);
});
afterAll(() => web.close());

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const ONE_CLICK = 'List-Unsubscribe=One-Click';

/** Everything that could tell a change: rows of every table that a reader's link may touch. */
async function everything(): Promise<string> {
  const { db } = ctx;
  const rows = [
    await db.subscriber.findMany({ orderBy: { id: 'asc' } }),
    await db.subscriberInterest.findMany({ orderBy: [{ subscriberId: 'asc' }, { interestId: 'asc' }] }),
    await db.delivery.findMany({ orderBy: { id: 'asc' } }),
    await db.confirmationRequest.findMany({ orderBy: { id: 'asc' } }),
    await db.reaction.findMany(),
    await db.suppression.findMany(),
    await db.consent.count(),
    await db.auditEntry.count(),
  ];
  return JSON.stringify(rows, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
}

const forged = (path: string) => path.replace(/.(\?.*)?$/, (end) => (end.startsWith('A') ? 'B' : 'A') + end.slice(1));

describe('confirming', () => {
  test('when a scanner fetches the link, then nothing changes; when the button is pressed, then the reader is in', async () => {
    const path = await signUp(ctx, 'scan@example.org');
    const before = await everything();
    for (const method of ['GET', 'HEAD', 'OPTIONS']) {
      expect((await fetch(web.base + path, { method, headers: { 'Sec-Purpose': 'prefetch' } })).status).toBe(200);
    }
    expect(await everything()).toBe(before);
    const answer = await web.post(path, {});
    const body = await answer.text();
    expect(answer.status).toBe(200);
    expect(body).toContain('You are in');
    expect(body).toMatch(/The next one comes on \w+/);
    expect(await statusOf(ctx, 'scan@example.org')).toBe('confirmed');
    const again = await web.post(path, {});
    expect(again.status).toBe(200);
    expect(await again.text()).toContain('Already confirmed');
  });

  test('when the latest newsletter is declined, then no welcome is due', async () => {
    await web.post(await signUp(ctx, 'later@example.org'), { latest: 'no' });
    await web.post(await signUp(ctx, 'now@example.org'), {});
    const [later, now] = await Promise.all(
      ['later@example.org', 'now@example.org'].map((email) =>
        ctx.db.subscriber.findUniqueOrThrow({ where: { email } }),
      ),
    );
    expect(later?.welcomeDueAt).toBeNull();
    expect(now?.welcomeDueAt).not.toBeNull();
  });

  test('when the link has run out, then one press sends a new one that works', async () => {
    const path = await signUp(ctx, 'slow@example.org');
    ctx.setNow(new Date(ctx.now().getTime() + 49 * 3_600_000));
    expect(await (await web.get(path)).text()).toContain('run out');
    expect(await (await web.post(path, {})).text()).toContain('run out');
    expect(await statusOf(ctx, 'slow@example.org')).toBe('pending');
    expect((await web.post(path, { action: 'renew' })).status).toBe(200);
    const renewed = await newestConfirmPath(ctx, 'slow@example.org');
    expect(renewed).not.toBe(path);
    await web.post(renewed, {});
    expect(await statusOf(ctx, 'slow@example.org')).toBe('confirmed');
  });

  test('when «not me, never again» is pressed, then the address is never written to again', async () => {
    const path = await signUp(ctx, 'notme@example.org');
    const claim = path.split('.');
    const { links } = await import('../../src/links/links.ts');
    const decline = links.decline('', ctx.keys.link[0]!, claim[1]!, Number(claim[2]));
    const before = await everything();
    expect((await web.get(decline)).status).toBe(200);
    expect(await everything()).toBe(before);
    expect(await (await web.post(decline, {})).text()).toContain('Done');
    await web.post('/subscribe', { email: 'notme@example.org' });
    expect(await ctx.db.delivery.count({ where: { email: 'notme@example.org', state: 'planned' } })).toBe(0);
  });
});

describe('unsubscribing', () => {
  test('when a mailbox sends the one-click POST, then it is 200, at once, without cookie or redirect, as often as it likes', async () => {
    const reader = await confirmedReader(ctx, 'click@example.org');
    const first = await web.post(reader.unsubscribe, ONE_CLICK, { ...FORM, origin: 'https://mail.example.com' });
    expect(first.status).toBe(200);
    expect(first.headers.get('set-cookie')).toBeNull();
    expect(await statusOf(ctx, 'click@example.org')).toBe('unsubscribed');
    const second = await web.post(reader.unsubscribe, ONE_CLICK, FORM);
    expect(second.status).toBe(200);
    expect(await second.text()).toContain('Already unsubscribed since 20');
  });

  test('when the POST is multipart, or of a type nobody expects, then it works too', async () => {
    const multipart = await confirmedReader(ctx, 'multi@example.org');
    const body = '--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n';
    expect(
      (await web.post(multipart.unsubscribe, body, { 'content-type': 'multipart/form-data; boundary=b' })).status,
    ).toBe(200);
    expect(await statusOf(ctx, 'multi@example.org')).toBe('unsubscribed');
    const plain = await confirmedReader(ctx, 'plain@example.org');
    expect((await web.post(plain.unsubscribe, ONE_CLICK, { 'content-type': 'text/plain' })).status).toBe(200);
    expect(await statusOf(ctx, 'plain@example.org')).toBe('unsubscribed');
  });

  test.each([
    ['nothing', '', FORM],
    ['nothing, of no type', '', {}],
    ['a line end', '\r\n', { 'content-type': 'text/plain' }],
    ['JSON', '{"List-Unsubscribe":"One-Click"}', { 'content-type': 'application/json' }],
    ['a type that is none', ONE_CLICK, { 'content-type': 'nonsense' }],
    ['a multipart body without its boundary', ONE_CLICK, { 'content-type': 'multipart/form-data' }],
    ['capitals', 'LIST-UNSUBSCRIBE=ONE-CLICK', FORM],
  ])('when a mailbox posts %s, then the reader is out', async (what, body, headers: Record<string, string>) => {
    const email = `${what.replace(/\W/g, '').toLowerCase()}@click.example.org`;
    const reader = await confirmedReader(ctx, email);
    const answer = await web.post(reader.unsubscribe, body, headers);
    expect([answer.status, await answer.text()]).toEqual([200, 'Unsubscribed.\n']);
    expect(await statusOf(ctx, email)).toBe('unsubscribed');
  });

  test('when the token is forged, of another purpose, or of an older consent, then 404 and nothing changes', async () => {
    const reader = await confirmedReader(ctx, 'safe@example.org');
    const before = await everything();
    const foreign = reader.preferences.replace('/preferences/', '/unsubscribe/');
    for (const path of [
      forged(reader.unsubscribe),
      foreign,
      '/unsubscribe/x',
      `/unsubscribe/${'a'.repeat(3000)}`,
      '/unsubscribe/%00',
    ]) {
      expect((await web.post(path, ONE_CLICK, FORM)).status).toBe(404);
      expect((await web.get(path)).status).toBe(404);
    }
    expect(await everything()).toBe(before);
    await web.post(reader.unsubscribe, ONE_CLICK, FORM);
    ctx.setNow(new Date(ctx.now().getTime() + 86_400_000));
    await confirmedReader(ctx, 'safe@example.org');
    expect((await web.post(reader.unsubscribe, ONE_CLICK, FORM)).status).toBe(404);
    expect(await statusOf(ctx, 'safe@example.org')).toBe('confirmed');
  });

  test('when the page is used, then it says what was cancelled, and undo brings everything back', async () => {
    const reader = await confirmedReader(ctx, 'page@example.org', { interests: ['graph networks'] });
    const page = await (await web.get(reader.unsubscribe)).text();
    expect(page).toMatch(/<form method="post"/);
    expect(await (await web.post(reader.unsubscribe, { x: '1' })).text()).toContain('Leave Offprint?');
    expect(await statusOf(ctx, 'page@example.org')).toBe('confirmed');
    const out = await (await web.post(reader.unsubscribe, { action: 'unsubscribe' })).text();
    expect(out).toContain('You are out');
    expect(out).toContain('One mail that was waiting was cancelled'); // its confirmation: nothing sends here
    expect(await (await web.get(reader.unsubscribe)).text()).toContain('already out');
    expect((await web.post(reader.unsubscribe, { action: 'reason', reason: 'too-many' })).status).toBe(200);
    expect((await web.post(reader.unsubscribe, { action: 'reason', reason: 'invented' })).status).toBe(422);
    expect(await (await web.post(reader.unsubscribe, { action: 'undo' })).text()).toContain('Welcome back');
    expect(await statusOf(ctx, 'page@example.org')).toBe('confirmed');
    expect((await web.get(reader.preferences)).status).toBe(200);
    expect(await (await web.post(reader.unsubscribe, { action: 'undo' })).text()).toContain('Nothing to take back');
  });
});

describe('the page of somebody who left', () => {
  test.each([
    ['en', /You left on Monday,? 5 January 2026 at 10:00 UTC\./],
    ['de', /Abbestellt am Montag, 5\. Januar 2026 um 10:00 UTC\./],
  ])('when it is opened again (%s), then it says when they left, with the year', async (language, since) => {
    const reader = await confirmedReader(ctx, `left.${language}@example.org`, { language });
    const at = new Date('2026-01-05T10:00:00Z');
    await web.post(reader.unsubscribe, { action: 'unsubscribe' });
    await ctx.db.subscriber.update({ where: { id: reader.id }, data: { unsubscribedAt: at } });
    expect(await (await web.get(reader.unsubscribe)).text()).toMatch(since);
  });

  test('when they asked for a confirmation, then it does not say that nothing was sent', async () => {
    const reader = await confirmedReader(ctx, 'asks.back@example.org');
    await web.post(reader.unsubscribe, { action: 'unsubscribe' });
    const left = new Date(ctx.now().getTime() - 30 * 86_400_000);
    await ctx.db.subscriber.update({ where: { id: reader.id }, data: { unsubscribedAt: left } });
    ctx.setNow(new Date(ctx.now().getTime() + 11 * 60_000)); // the mailbox rests after the mail of its sign-up
    const asked = await (await web.post(reader.unsubscribe, { action: 'ask' })).text();
    expect(asked).toContain('asks.back@example.org');
    const page = await (await web.get(reader.unsubscribe)).text();
    expect(page).toContain('No newsletter is sent to you any more.');
    expect(page).not.toMatch(/has been sent|sent since/);
  });
});

describe('every page behind a token', () => {
  test('is never stored, spread, listed or framed, sets no cookie and asks no other host', async () => {
    const reader = await confirmedReader(ctx, 'head@example.org');
    const pending = await signUp(ctx, 'head2@example.org');
    for (const path of [reader.preferences, reader.unsubscribe, pending, forged(reader.preferences)]) {
      const answer = await web.get(path);
      const body = await answer.text();
      expect(answer.headers.get('cache-control')).toContain('no-store');
      expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
      expect(answer.headers.get('x-robots-tag')).toContain('noindex');
      expect(answer.headers.get('set-cookie')).toBeNull();
      expect(answer.headers.get('content-security-policy')).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
      expect(answer.headers.get('content-security-policy')).not.toContain('unsafe');
      expect(body).not.toMatch(/(?:src|href)="https?:\/\//);
      expect(body).not.toMatch(/<script(?![^>]*\ssrc=)|\son\w+=|<style/);
    }
  });

  test('when a link of a sample newsletter is followed, then a page says so and nothing changes', async () => {
    const before = await everything();
    for (const purpose of ['unsubscribe', 'preferences', 'react', 'confirm', 'decline']) {
      const answer = await web.get(`/${purpose}/${purpose}.preview.1.AAAAAAAAAAAAAAAAAAAAAA`);
      expect(answer.status).toBe(200);
      expect(await answer.text()).toContain('This is a sample');
    }
    expect((await web.post('/unsubscribe/unsubscribe.preview.1.AAAAAAAAAAAAAAAAAAAAAA', ONE_CLICK, FORM)).status).toBe(
      200,
    );
    expect(await everything()).toBe(before);
  });
});
