import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { listActs, type ListedAct } from '../../src/db/operator/acts-list.ts';
import { loadNotes } from '../../src/db/newsletters/edition-notes.ts';
import { runDeliver } from '../../src/deliver/run-deliver.ts';
import { cancelEdition } from '../../src/operate/cancel-edition.ts';
import { changeNote, type NoteWish } from '../../src/operate/edition-note.ts';
import { dryRunEdition } from '../../src/operate/foresee-edition.ts';
import { makeSignInLink } from '../../src/operate/make-sign-in-link.ts';
import { sendTest, type TestWish } from '../../src/operate/send-test.ts';
import { takeBack } from '../../src/operate/take-back.ts';
import { runPlan } from '../../src/plan/run-plan.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { headerOf, startReceiver, type Receiver } from '../support/receiver.ts';
import { startSmtp } from '../support/smtp.ts';
import { makeDigest, makeMatches, type MadePaper } from '../world/digests.ts';
import { makeReader } from '../world/readers.ts';

const database = testDatabase();
const EDITION = 'daily:2026-01-05';
const BY = 'admin:grace@example.org';
const GRACE = 'grace@example.org';
let ctx: TestContext;
let receiver: Receiver;
let papers: MadePaper[];

beforeAll(async () => void (receiver = await startReceiver()));
afterAll(() => receiver.stop());
beforeEach(async () => {
  receiver.mails.length = 0;
  ctx = await testContext(database, { SMTP_URL: receiver.url });
  await database.db
    .$executeRaw`CALL empty_tables('subscribers, admins, audit_log, papers, captures, interests, editions, edition_notes, deliveries, suppressions')`;
  ctx.setNow('2026-01-05T06:00:00Z');
  papers = await makeDigest(ctx.db, '2026-01-05', ['Kelp', 'Tides', 'Robots'], new Date('2026-01-05T02:00:00Z'));
  await makeMatches(ctx.db, 'kelp', papers.slice(0, 1));
});

const note = (wish: Partial<NoteWish>, edition = EDITION) =>
  changeNote(ctx, edition, { words: {}, picks: [], ...wish }, BY);
const publicId = async (place: number) =>
  (await ctx.db.paper.findUniqueOrThrow({ where: { id: papers[place]?.paperId ?? 0 } })).publicId;
const inForce = async () => (await loadNotes(ctx.db, [EDITION])).get(EDITION);
const newest = async () => (await listActs(ctx.db, { limit: 1 })).rows[0] as ListedAct;
const reader = () => makeReader(ctx.db, new Date('2026-01-04T12:00:00Z'), { wishes: ['kelp'] });

describe('adding to an edition', () => {
  it('when it is saved, changed and taken back, then the log holds before and after, and each is as it was', async () => {
    const robots = await publicId(2);
    expect(await note({ words: { en: ' Hello.\r\n', de: '' }, picks: [robots, robots] })).toEqual({
      outcome: 'written',
    });
    expect(await newest()).toMatchObject({
      ...{ action: 'edition.note', subject: EDITION, actor: BY },
      before: { 'note.en': null, picks: [] },
      after: { 'note.en': 'Hello.', picks: [robots] },
    });
    const first = await newest();
    expect(await note({ words: { en: 'Hello.' }, picks: [robots] })).toEqual({ outcome: 'unchanged' });
    expect(await note({ words: { en: 'Hello.', de: 'Hallo.' }, picks: [robots] })).toEqual({ outcome: 'written' });
    expect(await newest()).toMatchObject({ before: { 'note.de': null }, after: { 'note.de': 'Hallo.' } });
    expect((await takeBack(ctx, first.id, BY)).outcome).toBe('taken-back'); // the later one changed another field
    expect(await inForce()).toMatchObject({ words: { de: 'Hallo.' }, paperIds: [] });
    expect((await takeBack(ctx, (await newest()).id, BY)).outcome).toBe('taken-back');
    expect(await inForce()).toMatchObject({ words: { en: 'Hello.', de: 'Hallo.' }, paperIds: [papers[2]?.paperId] });
  });

  it('when a newsletter was planned with it, then it is not taken back; it can be taken out, and that can be taken back', async () => {
    await reader();
    await note({ words: { en: 'Hello.' } });
    const act = await newest();
    ctx.setNow('2026-01-05T08:00:10Z');
    await runPlan(ctx);
    expect(await takeBack(ctx, act.id, BY)).toMatchObject({
      outcome: 'in-use',
      words: `newsletters of ${EDITION} were planned with it`,
    });
    expect(await note({})).toEqual({ outcome: 'written' });
    expect((await takeBack(ctx, (await newest()).id, BY)).outcome).toBe('taken-back');
    expect((await inForce())?.words).toEqual({ en: 'Hello.' });
  });

  it.each<[string, Partial<NoteWish>, object]>([
    ['over 500 characters', { words: { en: 'é'.repeat(501) } }, { field: 'en', code: 'long', values: { length: 501 } }],
    ['over all measure', { words: { en: 'x'.repeat(60_000) } }, { code: 'long' }],
    ['a link of another kind', { words: { de: '[x](javascript:alert(1))' } }, { field: 'de', code: 'bad-link' }],
    ['another language', { words: { xx: 'x' } }, { code: 'language' }],
    ['a paper nobody knows', { picks: ['no-such-paper'] }, { field: 'picks', code: 'unknown' }],
    ['three papers', { picks: ['a', 'b', 'c'] }, { code: 'many' }],
  ])(
    'when it is %s, then it is refused with the part and the reason, and nothing is written',
    async (_, wish, problem) => {
      const refused = await note(wish);
      expect(refused).toMatchObject({ outcome: 'wrong' });
      expect('problems' in refused && refused.problems).toContainEqual(
        expect.objectContaining({
          ...problem,
          ...('values' in problem && { values: expect.objectContaining(problem.values as object) as object }),
        }),
      );
      expect([await inForce(), await ctx.db.auditEntry.count()]).toEqual([undefined, 0]);
    },
  );

  it('when 500 characters are read and the links lead far, then it is taken', async () => {
    expect(await note({ words: { en: `${'x'.repeat(499)}[y](https://example.org/${'z'.repeat(300)})` } })).toEqual({
      outcome: 'written',
    });
  });

  it('when a paper is withheld, or in no list that the edition draws on, then it is refused', async () => {
    await ctx.db.paper.update({ where: { id: papers[0]!.paperId }, data: { withheldAt: ctx.now() } });
    expect(await note({ picks: [await publicId(0)] })).toMatchObject({ problems: [{ code: 'withheld' }] });
    expect(await note({ picks: [await publicId(1)] }, 'daily:2026-02-05')).toMatchObject({
      problems: [{ code: 'elsewhere' }],
    });
    await ctx.db.digest.updateMany({ data: { state: 'held' } });
    expect(await note({ picks: [await publicId(1)] })).toMatchObject({ problems: [{ code: 'elsewhere' }] });
  });

  it.each([
    'daily:2026-01-03',
    'daily:2026-02-31',
    'weekly:2026-W54',
    'weekly:2025-W52',
    'welcome:1',
    'monthly:2026-01',
    '',
  ])('when the edition is «%s», then nothing can be added to it', async (key) => {
    expect(await note({ words: { en: 'Hello.' } }, key)).toEqual({ outcome: 'over' });
  });

  it('when the edition was cancelled, then nothing can be added to it', async () => {
    await ctx.db.edition.create({ data: { key: EDITION, createdAt: ctx.now() } });
    await cancelEdition(ctx, EDITION, BY);
    expect(await note({ words: { en: 'Hello.' } })).toEqual({ outcome: 'over' });
  });
});

describe('a test of an edition', () => {
  const test = (wish: Partial<TestWish> = {}) =>
    sendTest(ctx, { edition: EDITION, language: 'en', to: GRACE, ...wish }, BY);
  beforeEach(() => makeSignInLink(ctx, GRACE, 'cli'));
  const sums = () =>
    database.pool.query('SELECT edition_id, state, sum(n) FROM edition_sums GROUP BY 1, 2 ORDER BY 1, 2');

  it('when nothing is planned, then the admin gets it as somebody invented would, marked, without links that act', async () => {
    await note({ words: { en: 'Read [this](https://example.org/this).', de: 'Lies.' }, picks: [await publicId(2)] });
    expect(await test()).toEqual({ outcome: 'sent' });
    await runDeliver(ctx);
    const [mail] = receiver.mails;
    expect(mail?.subject).toBe('[Test] Kelp + 2');
    expect(mail?.to?.[0]?.address).toBe(GRACE);
    expect(mail?.text).toMatch(/This is a test[^]*From the editor:\nRead this\.[^]*Robots[^]*Chosen by the editor/);
    for (const part of [mail?.html ?? '', mail?.text ?? ''])
      expect(part).not.toMatch(/\/(react|preferences|unsubscribe|newsletters)\//);
    expect(mail && headerOf(mail, 'list-unsubscribe')).toBe('');
    expect(await ctx.db.delivery.findFirst({ where: { kind: 'test' } })).toMatchObject({
      ...{ state: 'sent', subscriberId: null, editionId: null, newsletterId: null, priority: 0, email: GRACE },
    });
    expect(await newest()).toMatchObject({ action: 'edition.test', subject: EDITION, detail: { admin: GRACE } });
  });

  it('when it is sent as a reader of the edition, then it shows what theirs shows, shows them nothing, and counts nowhere', async () => {
    const ada = await reader();
    await note({ words: { en: 'Hello.', de: 'Hallo.' } });
    ctx.setNow('2026-01-05T08:00:10Z');
    await runPlan(ctx);
    await note({ words: { en: 'Later.' } });
    const { publicId: as } = await ctx.db.newsletter.findFirstOrThrow({ where: { subscriberId: ada.id } });
    const before = [await ctx.db.newsletter.count(), (await sums()).rows];
    expect(await test({ as, language: 'de' })).toEqual({ outcome: 'sent' });
    expect([await ctx.db.newsletter.count(), (await sums()).rows]).toEqual(before);
    await runDeliver(ctx);
    const mail = receiver.mails.find(({ subject }) => subject?.startsWith('[Test]'));
    expect(mail?.text).toContain('Hallo.');
    expect(mail?.text).not.toMatch(/Later|Hello|made-reader/);
    expect(receiver.mails).toHaveLength(2);
  });

  it('when its address refuses it, then nobody is suppressed, and no edition counts it', async () => {
    const refusing = await startSmtp({ mode: '5xx-rcpt' });
    try {
      const through = await testContext(database, { SMTP_URL: refusing.url });
      through.setNow(ctx.now());
      await reader();
      await test();
      await runDeliver(through);
      expect(await ctx.db.delivery.findMany({ select: { kind: true, state: true } })).toEqual([
        { kind: 'test', state: 'bounced' },
      ]);
      expect([await ctx.db.suppression.count(), (await sums()).rows, await ctx.db.hookMessage.count()]).toEqual([
        0,
        [],
        0,
      ]);
    } finally {
      await refusing.close();
    }
  });

  it('when the address is no admin’s, or there is no such thing, then nothing is sent', async () => {
    expect(await test({ to: 'stranger@example.org' })).toEqual({ outcome: 'stranger' });
    expect(await test({ as: 'nobody' })).toEqual({ outcome: 'unknown' });
    expect(await test({ as: '5f2c0f6e-8a53-4d9e-9d64-0a4b3a4c1d2e' })).toEqual({ outcome: 'unknown' });
    expect(await test({ edition: 'daily' })).toEqual({ outcome: 'unknown' });
    await ctx.db.digest.updateMany({ data: { state: 'held' } });
    expect(await test()).toEqual({ outcome: 'nothing' });
    expect(await ctx.db.delivery.count()).toBe(0);
  });

  it('when it is sent as a reader before anything is planned, then it holds what they would get', async () => {
    const ada = await reader();
    expect(await test({ as: ada.publicId })).toEqual({ outcome: 'sent' });
    await runDeliver(ctx);
    expect(receiver.mails[0]?.subject).toBe('[Test] Kelp');
    ctx.setNow('2026-01-05T08:00:10Z');
    expect(await runPlan(ctx)).toMatchObject({ newsletters: 1 }); // nothing was shown by it
  });
});

describe('a dry run of an edition', () => {
  it('when some would get it, then it names them with their first paper; of what is over there is none', async () => {
    const ada = await reader();
    expect(await dryRunEdition(ctx, EDITION)).toMatchObject({
      ...{ slots: 1, newsletters: 1, nothing: 0 },
      samples: [{ reader: ada.publicId, email: ada.email, papers: 1, first: 'Kelp' }],
    });
    expect(await dryRunEdition(ctx, 'daily:2025-12-01')).toBeNull();
  });
});
