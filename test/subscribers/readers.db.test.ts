import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join as joinPath } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { createErrand, keepProblems } from '../../src/db/operator/errands.ts';
import { loadWishes } from '../../src/db/subscribers/subscribers.ts';
import { askForLink } from '../../src/subscribers/ask-for-link.ts';
import { changeAddress } from '../../src/subscribers/change-address.ts';
import { confirm, renewConfirmation } from '../../src/subscribers/confirm.ts';
import { declineConfirmation } from '../../src/subscribers/decline.ts';
import { erase } from '../../src/subscribers/erase.ts';
import { exportData } from '../../src/subscribers/export-data.ts';
import { housekeepSubscribers } from '../../src/subscribers/housekeep.ts';
import { pause } from '../../src/subscribers/pause.ts';
import { changePreferences, preferencesOf, readPreferences } from '../../src/subscribers/preferences.ts';
import { lookUpReaction, muteWord, react } from '../../src/subscribers/react.ts';
import { lookUpUnsubscribe, undoUnsubscribe, unsubscribe } from '../../src/subscribers/unsubscribe.ts';
import { signToken } from '../../src/links/tokens.ts';
import { addressHash } from '../../src/model/address.ts';
import { runPlan } from '../../src/plan/run-plan.ts';
import { makeDigest } from '../world/digests.ts';
import { confirmedReader, confirmToken, form, mailsTo, reload, signUp, tokenFor, VISITOR } from '../world/sign-ups.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { asFixture } from '../support/wall.ts';

const database = testDatabase();
let ctx: TestContext;
let made = 0;
const newAddress = () => `reader${++made}@example.org`;

beforeAll(async () => {
  ctx = await testContext(database);
  ctx.setNow('2026-01-05T06:00:00Z');
  await makeDigest(ctx.db, '2026-01-05', ['Alpha', 'Beta'], ctx.now());
});

async function readerWithMail(): Promise<{
  email: string;
  token: (purpose: Parameters<typeof tokenFor>[1]) => string;
}> {
  const email = newAddress();
  ctx.setNow('2026-01-05T06:00:00Z');
  const reader = await confirmedReader(ctx, email);
  ctx.setNow('2026-01-05T08:00:00Z');
  await runPlan(ctx);
  return { email, token: (purpose) => tokenFor(ctx, purpose, reader) };
}

describe('unsubscribe', () => {
  it('when a reader leaves, then what was planned is cancelled at once, and pressing again says since when', async () => {
    const { email, token } = await readerWithMail();
    expect(await lookUpUnsubscribe(ctx, token('unsubscribe'))).toMatchObject({ email, status: 'confirmed' });
    const result = await unsubscribe(ctx, token('unsubscribe'), { actor: 'reader' });
    // The confirmation had not been sent either.
    expect(result).toMatchObject({ outcome: 'unsubscribed', cancelled: 2 });
    expect(await mailsTo(ctx, email)).toEqual(['confirmation cancelled', 'newsletter cancelled']);
    expect(await reload(ctx, email)).toMatchObject({ status: 'unsubscribed', nextDueAt: null });
    expect(await unsubscribe(ctx, token('unsubscribe'), { actor: 'reader' })).toMatchObject({
      outcome: 'already',
      since: new Date('2026-01-05T08:00:00Z'),
    });
    ctx.setNow('2026-01-06T08:00:00Z');
    expect(await runPlan(ctx)).toMatchObject({ newsletters: 0 });
  });

  it('when an unsubscribe is taken back, then schedule, interests and links are as they were', async () => {
    const { email, token } = await readerWithMail();
    const before = await reload(ctx, email);
    await unsubscribe(ctx, token('unsubscribe'), { actor: 'reader' });
    expect(await undoUnsubscribe(ctx, token('unsubscribe'), { actor: 'reader' })).toMatchObject({
      outcome: 'restored',
      nextDueAt: new Date('2026-01-06T08:00:00Z'),
    });
    expect(preferencesOf(await reload(ctx, email))).toEqual(preferencesOf(before));
    expect(await unsubscribe(ctx, token('unsubscribe'), { actor: 'reader' })).toMatchObject({
      outcome: 'unsubscribed',
    });
  });

  it('when an unsubscribe is taken back, then the mail that waited goes, and questions to another address are open', async () => {
    const { email, token } = await readerWithMail();
    const moved = newAddress();
    await changeAddress(ctx, token('preferences'), moved);
    await unsubscribe(ctx, token('unsubscribe'), { actor: 'reader' });
    ctx.setNow('2026-01-05T08:02:00Z');
    await undoUnsubscribe(ctx, token('unsubscribe'), { actor: 'reader' });
    expect(await mailsTo(ctx, email)).toEqual(expect.arrayContaining(['newsletter planned', 'moving planned']));
    const { id } = await reload(ctx, email);
    const open = await ctx.db.confirmationRequest.findMany({ where: { subscriberId: id, usedAt: null } });
    expect(open.map(({ newEmail }) => newEmail)).toEqual([moved]);
  });

  it('when a slot falls between leaving and coming back, then its newsletter comes', async () => {
    const email = newAddress();
    ctx.setNow('2026-01-05T06:00:00Z');
    const reader = await confirmedReader(ctx, email);
    ctx.setNow('2026-01-05T07:59:00Z');
    await unsubscribe(ctx, tokenFor(ctx, 'unsubscribe', reader), { actor: 'reader' });
    ctx.setNow('2026-01-05T08:01:00Z');
    await undoUnsubscribe(ctx, tokenFor(ctx, 'unsubscribe', reader), { actor: 'reader' });
    await runPlan(ctx);
    expect(await mailsTo(ctx, email)).toContain('newsletter planned');
  });

  it('when the link is forged, foreign or of another purpose, then nothing changes', async () => {
    const { email, token } = await readerWithMail();
    for (const wrong of ['x', token('preferences'), `${token('unsubscribe').slice(0, -1)}B`]) {
      expect(await unsubscribe(ctx, wrong, { actor: 'reader' })).toEqual({ outcome: 'unknown' });
    }
    expect((await reload(ctx, email)).status).toBe('confirmed');
  });
});

describe('changePreferences', () => {
  const wanted = {
    cadence: 'weekly',
    weekday: 3,
    hour: 20,
    timeZone: 'Europe/Paris',
    maxPapers: 5,
    language: 'en',
  } as const;

  it('when the schedule changes, then the next newsletter is due by the new one', async () => {
    const { email, token } = await readerWithMail();
    const wishes = form(email, { interests: ['graphs'], muted: ['survey'] }).wishes;
    const result = await changePreferences(ctx, token('preferences'), { preferences: wanted, wishes });
    expect(result).toEqual({ outcome: 'changed', nextDueAt: new Date('2026-01-07T19:00:00Z') });
    expect(await readPreferences(ctx, token('preferences'))).toMatchObject({ preferences: wanted, wishes });
    expect(await changePreferences(ctx, token('preferences'), { preferences: wanted, wishes })).toMatchObject({
      outcome: 'unchanged',
    });
  });

  it('when a setting changes after the slot has come and before it is planned, then its newsletter comes', async () => {
    const email = newAddress();
    ctx.setNow('2026-01-05T06:00:00Z');
    const reader = await confirmedReader(ctx, email, { cadence: 'weekly', weekday: 1, hour: 8 });
    ctx.setNow('2026-01-05T08:05:00Z');
    const { preferences, wishes } = (await readPreferences(ctx, tokenFor(ctx, 'preferences', reader)))!;
    const change = { preferences: { ...preferences, maxPapers: 3 }, wishes };
    const result = await changePreferences(ctx, tokenFor(ctx, 'preferences', reader), change);
    expect(result).toEqual({ outcome: 'changed', nextDueAt: new Date('2026-01-05T08:00:00Z') });
    await runPlan(ctx);
    expect(await mailsTo(ctx, email)).toContain('newsletter planned');
  });

  it('when a reader leaves weekly and comes back to it within the week, then the next one is of another week', async () => {
    const email = newAddress();
    ctx.setNow('2026-01-05T06:00:00Z');
    const reader = await confirmedReader(ctx, email, { cadence: 'weekly', weekday: 1, hour: 8 });
    const token = tokenFor(ctx, 'preferences', reader);
    const { preferences, wishes } = (await readPreferences(ctx, token))!;
    ctx.setNow('2026-01-05T08:00:00Z');
    await runPlan(ctx);
    await changePreferences(ctx, token, { preferences: { ...preferences, cadence: 'daily' }, wishes });
    ctx.setNow('2026-01-06T08:00:00Z');
    await runPlan(ctx);
    const back = { preferences: { ...preferences, weekday: 5 }, wishes };
    expect(await changePreferences(ctx, token, back)).toEqual({
      outcome: 'changed',
      nextDueAt: new Date('2026-01-16T08:00:00Z'),
    });
  });

  it('when a daily reader becomes weekly and saves once more, then the day that was promised stays', async () => {
    const { token } = await readerWithMail();
    const weekly = { ...wanted, weekday: 5, hour: 8, timeZone: 'UTC' } as const;
    const friday = { outcome: 'changed', nextDueAt: new Date('2026-01-09T08:00:00Z') };
    const change = (preferences: typeof weekly & { maxPapers: number }) =>
      changePreferences(ctx, token('preferences'), { preferences, wishes: [] });
    expect(await change(weekly)).toEqual(friday);
    expect(await change({ ...weekly, maxPapers: 3 as 5 })).toEqual(friday);
  });

  it('when a weekly reader who has had this week moves the day, then the next one is of another week', async () => {
    const email = newAddress();
    ctx.setNow('2026-01-05T06:00:00Z');
    const reader = await confirmedReader(ctx, email, { cadence: 'weekly', weekday: 1, hour: 8 });
    const token = tokenFor(ctx, 'preferences', reader);
    const { preferences, wishes } = (await readPreferences(ctx, token))!;
    ctx.setNow('2026-01-05T08:00:00Z');
    await runPlan(ctx);
    expect(await changePreferences(ctx, token, { preferences: { ...preferences, weekday: 3 }, wishes })).toEqual({
      outcome: 'changed',
      nextDueAt: new Date('2026-01-14T08:00:00Z'),
    });
  });

  it('when a daily reader who has had today moves the hour to later today, then today has no second one', async () => {
    const { token } = await readerWithMail();
    const preferences = { ...wanted, cadence: 'daily', hour: 23, timeZone: 'UTC' } as const;
    const result = await changePreferences(ctx, token('preferences'), { preferences, wishes: [] });
    expect(result).toEqual({ outcome: 'changed', nextDueAt: new Date('2026-01-06T23:00:00Z') });
  });
});

describe('pause', () => {
  it('when a reader pauses, then what waits is cancelled and the next comes after the pause; resuming brings it forward', async () => {
    const { email, token } = await readerWithMail();
    const until = new Date('2026-01-12T12:00:00Z');
    expect(await pause(ctx, token('preferences'), until)).toMatchObject({
      outcome: 'paused',
      cancelled: 1,
      nextDueAt: new Date('2026-01-13T08:00:00Z'),
    });
    expect((await mailsTo(ctx, email)).at(-1)).toBe('newsletter cancelled');
    expect(await pause(ctx, token('preferences'), null)).toMatchObject({
      outcome: 'resumed',
      nextDueAt: new Date('2026-01-06T08:00:00Z'),
    });
  });
});

describe('changeAddress', () => {
  it('when a reader moves, then the new address must answer first; then mails go there and links in old mails open nothing', async () => {
    const { email, token } = await readerWithMail();
    const next = newAddress();
    expect(await changeAddress(ctx, token('preferences'), next)).toEqual({ outcome: 'asked' });
    expect((await reload(ctx, email)).status).toBe('confirmed');
    expect(await mailsTo(ctx, next)).toEqual(['confirmation planned']);
    expect(await confirm(ctx, await confirmToken(ctx, next), VISITOR)).toMatchObject({ outcome: 'moved' });
    expect((await mailsTo(ctx, email)).slice(-2)).toEqual(['newsletter cancelled', 'moving planned']);
    expect(await lookUpUnsubscribe(ctx, token('unsubscribe'))).toBeNull();
    expect(await ctx.db.consent.count({ where: { step: 'change', subscriber: { email: next } } })).toBe(1);
    expect(await ctx.db.subscriber.count({ where: { email } })).toBe(0);
  });

  it('when two addresses were asked and one answered, then the other can neither answer, renew nor decline', async () => {
    const { email, token } = await readerWithMail();
    const [typo, real] = [newAddress(), newAddress()];
    await changeAddress(ctx, token('preferences'), typo);
    const typoToken = await confirmToken(ctx, typo);
    await changeAddress(ctx, token('preferences'), real);
    expect(await confirm(ctx, await confirmToken(ctx, real), VISITOR)).toMatchObject({ outcome: 'moved' });
    expect(await confirm(ctx, typoToken, VISITOR)).toMatchObject({ outcome: 'already' });
    expect(await renewConfirmation(ctx, typoToken)).toEqual({ outcome: 'unknown' });
    const subject = typoToken.split('.')[1] ?? '';
    const decline = signToken(ctx.keys.link[0]!, 'decline', subject, Number(typoToken.split('.')[2]));
    expect(await declineConfirmation(ctx, decline)).toEqual({ outcome: 'already' });
    expect(await reload(ctx, real)).toMatchObject({ status: 'confirmed' });
    expect(
      await ctx.db.suppression.count({
        where: { addressHash: new Uint8Array(addressHash(ctx.keys.suppression, real)) },
      }),
    ).toBe(0);
    expect(await ctx.db.subscriber.count({ where: { email } })).toBe(0);
  });

  it('when the button is pressed twice, then the question stands, whose mail is on its way, and nobody is told twice', async () => {
    const { email, token } = await readerWithMail();
    const [next, taken] = [newAddress(), newAddress()];
    const told = async () => (await mailsTo(ctx, email)).filter((mail) => mail.startsWith('moving')).length;
    await confirmedReader(ctx, taken);
    for (const [address, mails] of [
      [taken, 1],
      [next, 2],
    ] as const) {
      for (let press = 1; press <= 2; press++)
        expect(await changeAddress(ctx, token('preferences'), address)).toEqual({ outcome: 'asked' });
      expect(await told()).toBe(mails); // whether somebody reads there or not
    }
    expect(await mailsTo(ctx, next)).toEqual(['confirmation planned']);
    expect(await confirm(ctx, await confirmToken(ctx, next), VISITOR)).toMatchObject({ outcome: 'moved' });
  });

  it('when an address is asked again later, then each of its mails moves the reader, also where the last one may not go', async () => {
    const { token } = await readerWithMail();
    const next = newAddress();
    await changeAddress(ctx, token('preferences'), next);
    const first = await confirmToken(ctx, next);
    for (let press = 1; press <= 3; press++) {
      ctx.setNow(new Date(ctx.now().getTime() + 11 * 60_000));
      await changeAddress(ctx, token('preferences'), next);
    }
    expect(await mailsTo(ctx, next)).toEqual(Array<string>(3).fill('confirmation planned'));
    expect(await confirm(ctx, first, VISITOR)).toMatchObject({ outcome: 'moved' });
    expect(await confirm(ctx, await confirmToken(ctx, next), VISITOR)).toMatchObject({ outcome: 'already' });
  });

  it('when a reader asks address after address, then at most five a day are mailed', async () => {
    const { token } = await readerWithMail();
    const addresses = Array.from({ length: 8 }, newAddress);
    for (const address of addresses)
      expect(await changeAddress(ctx, token('preferences'), address)).toEqual({ outcome: 'asked' });
    const mails = await Promise.all(addresses.map((address) => mailsTo(ctx, address)));
    expect(mails.filter((sent) => sent.length > 0)).toHaveLength(5);
  });

  it('when the new address reads already, then the answer is the same and nothing goes to it', async () => {
    const { token } = await readerWithMail();
    const other = newAddress();
    await confirmedReader(ctx, other);
    const before = await mailsTo(ctx, other);
    expect(await changeAddress(ctx, token('preferences'), other)).toEqual({ outcome: 'asked' });
    expect(await mailsTo(ctx, other)).toEqual(before);
  });
});

describe('askForLink', () => {
  it('when a reader asks, then a mail goes, at most every ten minutes; for anybody else nothing goes, with the same answer', async () => {
    const { email } = await readerWithMail();
    expect(await askForLink(ctx, email)).toEqual({ outcome: 'accepted' });
    expect(await askForLink(ctx, email)).toEqual({ outcome: 'accepted' });
    expect(await askForLink(ctx, 'nobody@example.org')).toEqual({ outcome: 'accepted' });
    expect((await mailsTo(ctx, email)).filter((mail) => mail.startsWith('link'))).toHaveLength(1);
    expect(await mailsTo(ctx, 'nobody@example.org')).toEqual([]);
  });
});

describe('reactions', () => {
  it('when a reader reacts, then it is kept, changed and taken back', async () => {
    const { token } = await readerWithMail();
    const paper = await ctx.db.paper.findFirstOrThrow();
    expect(await lookUpReaction(ctx, token('react'), paper.publicId)).toMatchObject({
      title: paper.title,
      reaction: null,
    });
    expect(await react(ctx, token('react'), paper.publicId, 'more')).toMatchObject({
      outcome: 'changed',
      reaction: 'more',
    });
    expect(await react(ctx, token('react'), paper.publicId, 'more')).toMatchObject({ outcome: 'unchanged' });
    expect(await react(ctx, token('react'), paper.publicId, 'less')).toMatchObject({
      outcome: 'changed',
      reaction: 'less',
    });
    expect(await lookUpReaction(ctx, token('react'), paper.publicId)).toMatchObject({ reaction: 'less' });
    expect(await react(ctx, token('react'), paper.publicId, null)).toMatchObject({
      outcome: 'changed',
      reaction: null,
    });
    expect(await react(ctx, token('react'), 'no-such-paper', 'more')).toEqual({ outcome: 'unknown' });
  });

  it('when a word is muted, then it stands beside the other interests until it is let through again', async () => {
    const { email, token } = await readerWithMail();
    const reader = await reload(ctx, email);
    expect(await muteWord(ctx, token('react'), ' Survey ')).toEqual({ outcome: 'muted', word: 'Survey' });
    expect(await muteWord(ctx, token('react'), 'survey')).toMatchObject({ outcome: 'unchanged' });
    expect(await loadWishes(ctx.db, reader.id)).toEqual([{ kind: 'words', text: 'Survey', muted: true }]);
    expect(await muteWord(ctx, token('react'), 'survey', { muted: false })).toMatchObject({ outcome: 'unmuted' });
    expect(await loadWishes(ctx.db, reader.id)).toEqual([]);
    expect(await muteWord(ctx, token('react'), '?!')).toEqual({ outcome: 'bad-word' });
  });
});

describe('exportData and erase', () => {
  it('when a reader asks for their data, then everything kept is there', async () => {
    const { email, token } = await readerWithMail();
    const data = await exportData(ctx, token('preferences'));
    expect(data).toMatchObject({ email, status: 'confirmed', preferences: { cadence: 'daily' } });
    expect(data?.consents.map(({ step }) => step)).toEqual(['request', 'confirm']);
    expect(data?.mails.map(({ kind }) => kind)).toEqual(['newsletter', 'confirmation']);
    expect(data?.mails[0]?.papers.map(({ title }) => title)).toEqual(['Alpha', 'Beta']);
  });

  it('when a reader is erased, then no table and no file knows the address, and the ledger still adds up', async () => {
    const { email, token } = await readerWithMail();
    const wishes = form(email, { interests: ['a very private wish'] }).wishes;
    await changePreferences(ctx, token('preferences'), {
      preferences: (await readPreferences(ctx, token('preferences')))!.preferences,
      wishes,
    });
    await asFixture(
      ctx.db,
      "UPDATE deliveries SET state = 'bounced', last_reply = $2 WHERE email = $1 AND kind = 'newsletter'",
      [email, `550 <${email}> unknown`],
    );
    const outbox = joinPath(ctx.config.DATA_DIR, 'outbox');
    mkdirSync(outbox, { recursive: true });
    writeFileSync(joinPath(outbox, '1.eml'), `From: x@y.example\r\nTo: ${email}\r\n\r\nHello\r\n`);
    writeFileSync(joinPath(outbox, '2.eml'), `From: x@y.example\r\nTo: other@example.org\r\n\r\n${email}\r\n`);
    const total = await ctx.db.delivery.count();
    expect(await erase(ctx, { token: token('preferences') })).toEqual({ outcome: 'erased', outboxFiles: 1 });
    expect(readdirSync(outbox)).toEqual(['2.eml']);
    expect(await tablesHolding(email)).toEqual([]);
    expect(await tablesHolding('a very private wish')).toEqual([]);
    expect(await ctx.db.delivery.count()).toBe(total);
    expect(await erase(ctx, { token: token('preferences') })).toEqual({ outcome: 'unknown' });
  });

  it('when a sign-up is forgotten that nobody confirmed, then no table knows the address either', async () => {
    const email = `${newAddress()}.alone`;
    ctx.setNow('2026-01-05T06:00:00Z');
    await signUp(ctx, email);
    const told = { door: 'smtp', kind: 'hard' } as const;
    const sha256 = Buffer.from(`<${email}>: unknown`);
    const report = await ctx.db.feedbackReport.create({
      data: { ...told, name: 'a.eml', sha256, bytes: sha256, because: 'its status', receivedAt: ctx.now() },
    });
    const event = { ...told, reportId: report.id, at: ctx.now(), countsOn: ctx.now() };
    const named = { named: email, line: `550 5.1.1 <${email}> unknown`, destination: 'example.org.alone' };
    await ctx.db.feedbackEvent.create({ data: { ...event, ...named, effect: 'unplaced' } });
    const errand = await createErrand(ctx.db, { kind: 'readers.import', wish: {}, actor: 'cli', now: ctx.now() });
    await keepProblems(ctx.db, errand, [{ line: 2, what: email, reason: 'is here already' }]);
    expect(await tablesHolding(email)).toContain('public.import_problems');
    ctx.setNow(new Date(ctx.now().getTime() + (ctx.config.PENDING_DAYS * 24 + 1) * 3_600_000));
    await housekeepSubscribers(ctx);
    expect(await tablesHolding('example.org.alone')).toEqual([]);
    expect(await ctx.db.feedbackReport.count({ where: { id: report.id } })).toBe(0);
  });
});

/** Searches a copy of every table for a text, as COPY writes it. */
async function tablesHolding(text: string): Promise<string[]> {
  const tables = await ctx.db.$queryRaw<{ name: string }[]>`
    SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) AS name FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`;
  const holding: string[] = [];
  for (const { name } of tables) {
    const rows = await ctx.db.$queryRawUnsafe<unknown[]>(
      `SELECT 1 FROM ${name} t WHERE t::text ILIKE '%' || $1 || '%' LIMIT 1`,
      text,
    );
    if (rows.length > 0) holding.push(name);
  }
  return holding;
}
