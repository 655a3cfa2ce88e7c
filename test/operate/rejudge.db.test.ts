import { beforeEach, describe, expect, it } from 'vitest';
import type { FeedbackKind, RefusalTopic } from '../../src/model/feedback.ts';
import { correctEvent } from '../../src/operate/feedback/correct-event.ts';
import { foreseeRejudging, rejudgeReports, type ChangedFate } from '../../src/operate/feedback/rejudge-reports.ts';
import { runCli } from '../support/cli.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { cameBack, mailSent } from '../world/came-back.ts';
import { bounceMail } from '../world/feedback-mails.ts';
import { clearLedger } from '../world/ledger.ts';
import { makeReader } from '../world/readers.ts';

const database = testDatabase();
let ctx: TestContext;

beforeEach(async () => {
  await clearLedger(database.db);
  await database.db.$executeRaw`CALL empty_tables('audit_log')`;
  ctx = await testContext(database, { BOUNCE_DOMAIN: 'bounces.example.org' });
});

/** A report that older rules understood so, whatever it says; at noon of a day. */
async function understoodAs(
  person: { id: number; email: string },
  raw: string,
  was: { kind: FeedbackKind; about: RefusalTopic | null },
  day = '2026-01-05',
): Promise<void> {
  ctx.setNow(`${day}T12:00:00Z`);
  const delivery = await mailSent(ctx, person, new Date(`${day}T08:00:00Z`));
  const said = { ...was, status: null, reply: null, rule: null, line: 'as older rules said' };
  const messageId = `${delivery.replaceAll('-', '')}@digest.example.org`;
  const told = [
    {
      id: null,
      token: null,
      messageId,
      kind: was.kind,
      because: 'older',
      recipients: [{ address: person.email, ...said }],
    },
  ];
  await cameBack(ctx, `${raw}\n<!-- ${delivery} -->`, undefined, { told });
}

const foresee = async () => {
  const all: ChangedFate[] = [];
  for await (const { changed } of foreseeRejudging(ctx, new Date(0))) all.push(...changed);
  return all;
};
const stateOf = async (email: string) => {
  const reader = await database.db.subscriber.findFirstOrThrow({ where: { email } });
  const hash = { addressHash: reader.addressHash };
  const suppressed = await database.db.suppression.findFirst({ where: hash });
  const standing = await database.db.addressStanding.findFirst({ where: hash });
  return [reader.status, suppressed?.reason ?? null, standing?.halfPoints ?? 0];
};
const person = (email: string) => makeReader(database.db, new Date('2026-01-04T08:00:00Z'), { email });
const FULL = (email: string) => bounceMail(email, '4.2.2', { words: '4.2.2 mailbox full' });

describe('after a change of rules', () => {
  it('when reports mean otherwise, then both ways are listed before anything moves, then each is as if always understood so', async () => {
    const [buried, spared, fled, same] = await Promise.all(
      ['buried', 'spared', 'fled', 'same'].map((name) => person(`${name}@example.org`)),
    );
    if (!buried || !spared || !fled || !same) throw new Error('four were made');
    await understoodAs(buried, FULL(buried.email), { kind: 'hard', about: 'address' });
    await understoodAs(spared, bounceMail(spared.email, '5.1.1'), { kind: 'soft', about: 'us' });
    await understoodAs(fled, FULL(fled.email), { kind: 'complaint', about: null });
    await understoodAs(same, FULL(same.email), { kind: 'soft', about: 'mailbox' });
    expect(await stateOf(buried.email)).toEqual(['confirmed', 'hard', 0]);
    expect(await stateOf(fled.email)).toEqual(['unsubscribed', 'complaint', 0]);

    const listed = await foresee();
    expect(listed.map(({ was, is, heavier }) => [was.delivery?.email, was.effect, is.kind, heavier])).toEqual([
      [buried.email, 'suppressed', 'soft', false],
      [spared.email, 'not-theirs', 'hard', true],
      [fled.email, 'left', 'soft', false],
    ]);
    expect(await stateOf(buried.email)).toEqual(['confirmed', 'hard', 0]);

    expect(await rejudgeReports(ctx, listed, 'cli')).toEqual({ heavier: 1, lighter: 2, bound: 0 });
    expect(await stateOf(buried.email)).toEqual(['confirmed', null, 1]);
    expect(await stateOf(spared.email)).toEqual(['confirmed', 'hard', 0]);
    expect(await stateOf(fled.email)).toEqual(['confirmed', null, 1]);
    expect(await stateOf(same.email)).toEqual(['confirmed', null, 1]);
    expect(await foresee()).toEqual([]);
    const acts = await database.db.auditEntry.findMany({
      where: { action: 'feedback.rejudge' },
      include: { counts: { orderBy: { name: 'asc' } } },
    });
    expect(acts.map(({ actor, counts }) => [actor, counts.map(({ count }) => Number(count))])).toEqual([
      ['cli', [0, 1, 2]],
    ]);
  });

  it('when others came after one that weighs less, then they are weighed as if it had always been so', async () => {
    const ada = await person('ada@example.org');
    await understoodAs(ada, bounceMail(ada.email, '5.7.1', { words: '5.7.1 listed by zen.spamhaus.org' }), {
      ...{ kind: 'soft', about: 'mailbox' },
    });
    for (const day of ['2026-01-06', '2026-01-07'])
      await understoodAs(ada, FULL(ada.email), { kind: 'soft', about: 'mailbox' }, day);
    expect(await stateOf(ada.email)).toEqual(['confirmed', null, 3]);
    expect(await rejudgeReports(ctx, await foresee(), 'cli')).toEqual({ heavier: 0, lighter: 1, bound: 0 });
    expect(await stateOf(ada.email)).toEqual(['confirmed', null, 2]);
  });

  it('when a report of nobody turns out to speak of a mail of ours, then it is placed and weighed', async () => {
    const ada = await person('ada@example.org');
    const delivery = await mailSent(ctx, ada, new Date('2026-01-05T08:00:00Z'));
    const messageId = `<${delivery.replaceAll('-', '')}@digest.example.org>`;
    const told = [
      { id: null, token: null, messageId: null, kind: 'other' as const, because: 'nothing', recipients: [] },
    ];
    await cameBack(ctx, bounceMail(ada.email, '5.1.1', { messageId }), undefined, { told });
    expect(await stateOf(ada.email)).toEqual(['confirmed', null, 0]);
    const listed = await foresee();
    expect(listed.map(({ was, is }) => [was.effect, is.kind, is.mail?.email])).toEqual([['filed', 'hard', ada.email]]);
    expect(await rejudgeReports(ctx, listed, 'cli')).toEqual({ heavier: 1, lighter: 0, bound: 0 });
    expect(await stateOf(ada.email)).toEqual(['confirmed', 'hard', 0]);
    expect(await foresee()).toEqual([]);
  });

  it('when an operator corrected or changed something since, then that stands', async () => {
    const [ada, grace] = [await person('ada@example.org'), await person('grace@example.org')];
    await understoodAs(ada, FULL(ada.email), { kind: 'hard', about: 'address' });
    await understoodAs(grace, FULL(grace.email), { kind: 'hard', about: 'address' });
    const [first] = await database.db.feedbackEvent.findMany({ orderBy: { id: 'asc' } });
    await correctEvent(ctx, first?.publicId ?? '', 'auto-reply', 'cli');
    await database.db.suppression.updateMany({ data: { reason: 'manual' } });
    const listed = await foresee();
    expect(listed.map(({ was }) => was.delivery?.email)).toEqual([grace.email]);
    expect(await rejudgeReports(ctx, listed, 'cli')).toEqual({ heavier: 0, lighter: 0, bound: 1 });
    expect(await stateOf(grace.email)).toEqual(['confirmed', 'manual', 0]);
    expect(await stateOf(ada.email)).toEqual(['confirmed', null, 0]);
  });

  it('when the command is asked, then it lists, and moves nothing unless it is told yes; corrections come with their report', async () => {
    const ada = await person('ada@example.org');
    await understoodAs(ada, FULL(ada.email), { kind: 'hard', about: 'address' });
    const asked = await runCli(['feedback', 'rejudge'], { url: database.url });
    expect(asked.stdout).toMatch(/ada@example\.org +hard, about address +suppressed +soft, about mailbox +less/);
    expect([asked.code, asked.stderr]).toEqual([2, expect.stringContaining('--yes')]);
    expect(await stateOf(ada.email)).toEqual(['confirmed', 'hard', 0]);
    const done = await runCli(['feedback', 'rejudge', '--yes', '--json'], { url: database.url });
    expect(JSON.parse(done.stdout.trim().split('\n').at(-1) ?? '')).toEqual({
      reports: 1,
      heavier: 0,
      lighter: 1,
      bound: 0,
    });
    expect(await stateOf(ada.email)).toEqual(['confirmed', null, 1]);
    const { publicId } = await database.db.feedbackEvent.findFirstOrThrow();
    await correctEvent(ctx, publicId, 'complaint', 'cli');
    const told = await runCli(['feedback', 'corrections', '--json'], { url: database.url });
    const pair = JSON.parse(told.stdout) as { kind: string; correctedKind: string; raw: string };
    expect(pair).toMatchObject({ kind: 'soft', correctedKind: 'complaint' });
    expect(Buffer.from(pair.raw, 'base64').toString()).toContain('Final-Recipient: rfc822; ada@example.org');
  }, 120_000);
});
