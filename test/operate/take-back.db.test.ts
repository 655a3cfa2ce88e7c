import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { findAct, listActs, type ListedAct } from '../../src/db/operator/acts-list.ts';
import { createRequest, findRequest } from '../../src/db/subscribers/confirmation-requests.ts';
import { recordAct } from '../../src/db/operator/audit.ts';
import { loadWishes } from '../../src/db/subscribers/subscribers.ts';
import { discardDigest } from '../../src/operate/discard-digest.ts';
import { beginOnReaders } from '../../src/operate/errands/on-readers.ts';
import { runErrands } from '../../src/operate/errands/run-errands.ts';
import { liftSuppression } from '../../src/operate/lift-suppression.ts';
import { makeSignInLink } from '../../src/operate/make-sign-in-link.ts';
import { pauseEdition } from '../../src/operate/pause-edition.ts';
import { releaseDigest } from '../../src/operate/release-digest.ts';
import { resumeEdition } from '../../src/operate/resume-edition.ts';
import { suppress } from '../../src/operate/suppress.ts';
import { takeBack } from '../../src/operate/take-back.ts';
import type { TakeBackOutcome } from '../../src/operate/take-back-within.ts';
import { erase } from '../../src/subscribers/erase.ts';
import { pause } from '../../src/subscribers/pause.ts';
import { changePreferences, preferencesOf } from '../../src/subscribers/preferences.ts';
import { undoUnsubscribe, unsubscribe } from '../../src/subscribers/unsubscribe.ts';
import type { Actor } from '../../src/model/actor.ts';
import type { Wish } from '../../src/model/interest.ts';
import type { Cadence, Subscriber } from '../../src/model/subscriber.ts';
import { makeDigest } from '../world/digests.ts';
import { makeNewsletter, planMail } from '../world/mails.ts';
import { makeReader } from '../world/readers.ts';
import { tokenFor } from '../world/sign-ups.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { asFixture } from '../support/wall.ts';
import { often } from '../support/thorough.ts';

const database = testDatabase();
const EDITION = 'daily:2026-01-05';
const BY = 'admin:grace@example.org';
const STRANGER = 'stranger@example.org';
let ctx: TestContext;
let reader: Subscriber;
let digests: number[];

/** One reader with two mails that wait, two held digests, one edition. */
beforeEach(makeWorld);

async function makeWorld(): Promise<void> {
  await database.db
    .$executeRaw`CALL empty_tables('subscribers, admins, audit_log, captures, papers, suppressions, editions, newsletters, deliveries, interests')`;
  ctx = await testContext(database);
  reader = await makeReader(ctx.db, new Date('2026-01-05T09:00:00Z'), { wishes: ['kelp', '-tides'] });
  for (const day of ['2026-01-04', '2026-01-05'])
    await makeDigest(ctx.db, day, ['A', `B ${day}`], ctx.now(), { state: 'held' });
  await ctx.db.paper.updateMany({ data: { arrivedAt: null } });
  digests = (await ctx.db.digest.findMany({ orderBy: { id: 'asc' } })).map(({ id }) => id);
  const mail = { subscriberId: reader.id, email: reader.email };
  await planMail(ctx.db, { ...mail, kind: 'newsletter', edition: EDITION, lateAt: new Date('2026-01-06T00:00:00Z') });
  await planMail(ctx.db, { ...mail, kind: 'newsletter', edition: 'weekly:2026-W02' });
}

/** Every row that an act may touch; numbers of interests, which are made anew, are not looked at. */
async function rows(): Promise<unknown> {
  const all = async (sql: string) => (await database.pool.query<object>(sql)).rows;
  return {
    subscribers: await all('SELECT * FROM subscribers ORDER BY id'),
    wishes: await all(
      'SELECT subscriber_id, muted, wording, kind, key FROM subscriber_interests JOIN interests ON id = interest_id ORDER BY 1, 2, 4, 5',
    ),
    suppressions: await all('SELECT * FROM suppressions ORDER BY address_hash'),
    digests: await all('SELECT id, state FROM digests ORDER BY id'),
    papers: await all('SELECT id, arrived_at FROM papers ORDER BY id'),
    editions: await all('SELECT * FROM editions ORDER BY id'),
    deliveries: await all('SELECT * FROM deliveries ORDER BY id'),
    requests: await all('SELECT * FROM confirmation_requests ORDER BY id'),
  };
}

const wait = (minutes: number) => ctx.setNow(new Date(ctx.now().getTime() + minutes * 60_000));
const log = async () => (await listActs(ctx.db, { limit: 1_000 })).rows;
const newest = async () => (await log())[0] as ListedAct;
const undo = (act: ListedAct) => takeBack(ctx, act.id, BY);
const me = () => ({ publicId: reader.publicId });

async function change(to: { hour?: number; cadence?: Cadence; wishes?: readonly Wish[] }): Promise<void> {
  const known = await ctx.db.subscriber.findUniqueOrThrow({ where: { id: reader.id } });
  const { wishes = await loadWishes(ctx.db, reader.id), ...schedule } = to;
  const preferences = { ...preferencesOf({ ...reader, ...known, lastSlotOn: null } as Subscriber), ...schedule };
  await changePreferences(ctx, me(), { wishes: [...wishes], preferences }, { actor: BY });
}

const wish = (text: string, muted = false): Wish => ({ kind: 'words', text, muted });

const ACTS: Record<string, () => Promise<unknown>> = {
  leave: () => unsubscribe(ctx, me(), { actor: BY }),
  'pause for a week': () => pause(ctx, me(), new Date(ctx.now().getTime() + 7 * 86_400_000), { actor: BY }),
  'pause for a day': () => pause(ctx, me(), new Date(ctx.now().getTime() + 86_400_000), { actor: BY }),
  'end the pause': () => pause(ctx, me(), null, { actor: BY }),
  'move the hour': () => change({ hour: 20 }),
  'move it again': () => change({ hour: 3 }),
  'read weekly': () => change({ cadence: 'weekly' }),
  'want other things': () => change({ wishes: [wish('seagrass'), wish('kelp', true)] }),
  'want nothing': () => change({ wishes: [] }),
  suppress: () => suppress(ctx, { email: reader.email, note: 'asked by telephone' }, BY),
  lift: () => liftSuppression(ctx, reader.email, BY),
  'suppress a stranger': () => suppress(ctx, { email: STRANGER }, BY),
  'lift of a stranger': () => liftSuppression(ctx, STRANGER, BY),
  'release one': () => releaseDigest(ctx, digests[0] ?? 0, BY),
  'release the other': () => releaseDigest(ctx, digests[1] ?? 0, BY),
  'discard one': () => discardDigest(ctx, digests[0] ?? 0, BY),
  'pause the edition': () => pauseEdition(ctx, EDITION, BY),
  'resume the edition': () => resumeEdition(ctx, EDITION, BY),
};

/** The acts that hold, newest first: of each chain of takings back its end, where that is not a taking back. */
function holding(acts: readonly ListedAct[]): ListedAct[] {
  const byId = new Map(acts.map((act) => [act.id, act]));
  const depth = (act: ListedAct): number => (act.undoes === null ? 0 : 1 + depth(byId.get(act.undoes) ?? act));
  return acts.filter((act) => act.undoneBy === null && act.before !== null && depth(act) % 2 === 0);
}

describe('random acts, and takings back of some of them', () => {
  it('when in the end every act that holds is taken back, newest first, then all rows are as they began', async () => {
    const step = fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom(...Object.keys(ACTS)) },
      { weight: 1, arbitrary: fc.nat(30) },
    );
    const outcomes = new Set<string>();
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 14 }), async (steps) => {
        await makeWorld();
        const begun = await rows();
        for (const one of steps) {
          wait(1);
          if (typeof one === 'string') await ACTS[one]?.();
          else {
            const acts = await log();
            const act = acts[one % Math.max(1, acts.length)];
            if (act) outcomes.add((await undo(act)).outcome);
          }
        }
        for (let left = holding(await log()); left.length > 0; left = holding(await log())) {
          wait(1);
          expect((await undo(left[0] as ListedAct)).outcome).toBe('taken-back');
        }
        expect(await rows()).toEqual(begun);
      }),
      { numRuns: often(60, 6) },
    );
    expect([...outcomes]).toContain('taken-back');
  }, 600_000);
});

describe('taking an act back', () => {
  it('when a newer act stands on it, then it is refused and that act is named; the newer one first, it goes', async () => {
    await change({ hour: 20 });
    const first = await newest();
    await change({ hour: 3 });
    const second = await newest();
    expect(await undo(first)).toMatchObject({ outcome: 'newer', newer: { id: second.id } });
    expect((await undo(second)).outcome).toBe('taken-back');
    expect((await undo(first)).outcome).toBe('taken-back');
  });

  it('when a newer act changed other things, then nothing hinders it', async () => {
    await change({ hour: 20 });
    const first = await newest();
    await change({ wishes: [wish('seagrass')] });
    expect((await undo(first)).outcome).toBe('taken-back');
    expect(await loadWishes(ctx.db, reader.id)).toEqual([wish('seagrass')]);
  });

  it('when it was taken back already, then it is refused; the taking back can be taken back, and so on', async () => {
    await ACTS['leave']?.();
    const left = await newest();
    const back = (await undo(left)) as TakeBackOutcome & { by: bigint };
    expect(await undo(left)).toMatchObject({ outcome: 'already', by: back.by });
    const undoing = await findAct(ctx.db, back.by);
    expect(undoing).toMatchObject({ action: 'undo.unsubscribe', undoes: left.id, actor: BY });
    expect((await undo(undoing as ListedAct)).outcome).toBe('taken-back');
    expect(await newest()).toMatchObject({ action: 'unsubscribe', undoes: back.by });
    const row = await ctx.db.subscriber.findUniqueOrThrow({ where: { id: reader.id } });
    expect(row).toMatchObject({ status: 'unsubscribed', nextDueAt: null });
  });

  it('when two press at once, then one is told that the other was faster', async () => {
    await ACTS['leave']?.();
    const left = await newest();
    const outcomes = await Promise.all([undo(left), undo(left)]);
    expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['already', 'taken-back']);
  });

  it('when two press at once to take back an act on many, then it begins once and the other is told', async () => {
    const id = await recordAct(ctx.db, { at: ctx.now(), actor: BY, action: 'readers.pause' });
    const outcomes = await Promise.all([takeBack(ctx, id, 'cli'), takeBack(ctx, id, BY)]);
    expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['already', 'job']);
    const begun = await newest();
    expect(outcomes).toEqual(outcomes.map(() => expect.objectContaining({ by: begun.id }) as unknown));
    expect(await ctx.db.errand.count({ where: { actId: begun.id } })).toBe(1);
  });

  it('when its subject moved on by itself, then it is refused', async () => {
    await ACTS['pause the edition']?.();
    await ctx.db.edition.updateMany({ data: { state: 'open' } });
    expect((await undo(await newest())).outcome).toBe('moved-on');
  });

  it('when a newsletter was made from the released digest, then it is refused and the edition is named', async () => {
    await ACTS['release one']?.();
    const released = await newest();
    wait(1);
    const { id: editionId } = await ctx.db.edition.findFirstOrThrow();
    const [entry] = await ctx.db.entry.findMany({ where: { digestId: digests[0] ?? 0 } });
    const newsletterId = await makeNewsletter(ctx.db, (await makeReader(ctx.db, ctx.now())).id, editionId, [
      entry?.id ?? 0,
    ]);
    await database.pool.query('UPDATE newsletters SET created_at = $1 WHERE id = $2', [ctx.now(), newsletterId]);
    await ctx.db.edition.updateMany({ data: { createdAt: ctx.now() } });
    expect(await undo(released)).toMatchObject({
      outcome: 'in-use',
      words: expect.stringContaining(':2026-') as string,
    });
  });

  it('when the person was erased since, then nothing of them is kept and it is refused', async () => {
    await change({ wishes: [wish('a rare illness')] });
    const changed = await newest();
    await erase(ctx, { email: reader.email }, { actor: BY });
    expect((await undo(changed)).outcome).toBe('gone');
    const { rows: left } = await database.pool.query<{ text: string }>('SELECT audit_log::text AS text FROM audit_log');
    expect(left.map(({ text }) => text).join()).not.toMatch(/rare illness|kelp/);
  });

  it('when it is an erasure, then there is no way back; nor from an act that is none', async () => {
    await erase(ctx, { email: reader.email }, { actor: BY });
    expect((await undo(await newest())).outcome).toBe('no-way');
    await makeSignInLink(ctx, 'ada@example.org', 'cli');
    expect((await undo(await newest())).outcome).toBe('no-way');
    expect((await takeBack(ctx, 999_999_999n, BY)).outcome).toBe('unknown');
  });

  it('when a mail it had cancelled was sent meanwhile by another way, then that stays', async () => {
    await ACTS['pause for a day']?.();
    const paused = await newest();
    await asFixture(
      ctx.db,
      "UPDATE deliveries SET state = 'sent', end_reason = NULL, sent_at = now() WHERE kind = 'newsletter' AND key = $1",
      [EDITION],
    );
    expect((await undo(paused)).outcome).toBe('taken-back');
    const states = await ctx.db.delivery.findMany({ orderBy: { id: 'asc' }, select: { state: true } });
    expect(states.map(({ state }) => state)).toEqual(['sent', 'planned']);
  });

  it('when the edition ended or the mail is too late, then it stays cancelled', async () => {
    await ACTS['pause for a week']?.();
    const paused = await newest();
    await ctx.db.edition.updateMany({ where: { key: 'weekly:2026-W02' }, data: { state: 'cancelled' } });
    ctx.setNow('2026-01-06T01:00:00Z');
    expect((await undo(paused)).outcome).toBe('taken-back');
    expect(await ctx.db.delivery.count({ where: { state: 'cancelled' } })).toBe(2);
  });
});

describe('a reader who leaves while an act of others has them out', () => {
  const leave = (actor: Actor) => unsubscribe(ctx, tokenFor(ctx, 'unsubscribe', reader), { actor });
  const rowOf = ({ id }: Subscriber) => ctx.db.subscriber.findUniqueOrThrow({ where: { id } });

  it('when an act on many that had them out is taken back, then they stay out, and are counted as refused', async () => {
    const other = await makeReader(ctx.db, ctx.now());
    await beginOnReaders(ctx, { act: 'unsubscribe', filter: {} }, BY);
    await runErrands(ctx, 'errands');
    const many = await newest();
    const { unsubscribedAt: since } = await rowOf(reader);
    wait(1);
    for (const actor of ['one-click', 'reader', 'one-click'] as const)
      expect(await leave(actor)).toMatchObject({ outcome: 'already', since });
    const own = (await log()).filter(({ action }) => action === 'unsubscribe');
    expect(own).toMatchObject([{ actor: 'one-click', subject: reader.publicId }]);

    wait(1);
    expect((await undo(many)).outcome).toBe('job');
    await runErrands(ctx, 'errands');
    expect(await newest()).toMatchObject({ undoes: many.id, detail: { restored: 1, refused: 1 } });
    expect(await rowOf(reader)).toMatchObject({ status: 'unsubscribed', unsubscribedAt: since });
    expect(await rowOf(other)).toMatchObject({ status: 'confirmed' });
  });

  it('when their own word is taken back first, then the act can be taken back', async () => {
    await ACTS['leave']?.();
    const left = await newest();
    wait(1);
    await leave('reader');
    const own = await newest();
    expect(await undo(left)).toMatchObject({ outcome: 'newer', newer: { id: own.id, actor: 'reader' } });
    expect((await undo(own)).outcome).toBe('taken-back');
    expect((await undo(left)).outcome).toBe('taken-back');
    expect(await rowOf(reader)).toMatchObject({ status: 'confirmed', nextDueAt: reader.nextDueAt });
  });

  it('when they come back by their link, then what waited and what was due are as they were', async () => {
    await ACTS['leave']?.();
    const left = await newest();
    wait(1);
    await leave('reader');
    wait(1);
    const token = tokenFor(ctx, 'unsubscribe', reader);
    expect(await undoUnsubscribe(ctx, token, { actor: 'reader' })).toMatchObject({ outcome: 'restored' });
    expect(await rowOf(reader)).toMatchObject({ status: 'confirmed', nextDueAt: reader.nextDueAt });
    expect(await ctx.db.delivery.count({ where: { state: 'planned' } })).toBe(2);
    expect((await undo(left)).outcome).toBe('already');
  });

  it('when they had left themselves, then leaving again writes nothing', async () => {
    await leave('reader');
    const left = await newest();
    wait(1);
    for (const actor of ['reader', 'one-click'] as const) expect((await leave(actor)).outcome).toBe('already');
    expect((await newest()).id).toBe(left.id);
  });
});

describe('taking back, again and again, while the clock goes on at each look', () => {
  const states = async () => {
    const mails = await ctx.db.delivery.findMany({ orderBy: { id: 'asc' }, select: { state: true } });
    return mails.map(({ state }) => state);
  };
  const undoNewest = async () => {
    expect((await undo(await newest())).outcome).toBe('taken-back');
  };

  beforeEach(() => {
    let ms = ctx.now().getTime();
    ctx = { ...ctx, now: () => new Date(ms++) };
  });

  it('when somebody left, then what waited and what was asked wait again each time that they are back', async () => {
    const now = ctx.now();
    const expiresAt = new Date(now.getTime() + 86_400_000);
    const addresses = { newEmail: 'elsewhere@example.org', oldEmail: reader.email };
    await createRequest(ctx.db, {
      ...{ publicId: 'a move', subscriberId: reader.id, ...addresses, createdAt: now, expiresAt },
    });
    const isOpen = async () => (await findRequest(ctx.db, 'a move'))?.usedAt === null;
    await ACTS['leave']?.();
    for (const isBack of [true, false, true, false, true]) {
      await undoNewest();
      expect(await states()).toEqual(isBack ? ['planned', 'planned'] : ['cancelled', 'cancelled']);
      expect(await isOpen()).toBe(isBack);
    }
    await undoNewest();
    expect(await states()).toEqual(['cancelled', 'cancelled']);
    expect(await undoUnsubscribe(ctx, { publicId: reader.publicId }, { actor: 'cli' })).toMatchObject({
      outcome: 'restored',
    });
    expect([await states(), await isOpen()]).toEqual([['planned', 'planned'], true]);
  });

  it('when a suppression was lifted, then what waited waits again each time that it is lifted', async () => {
    await ACTS['suppress']?.();
    await ACTS['lift']?.();
    await planMail(ctx.db, { subscriberId: reader.id, email: reader.email });
    for (const isLifted of [false, true, false, true]) {
      await undoNewest();
      expect(await states()).toEqual(['cancelled', 'cancelled', isLifted ? 'planned' : 'cancelled']);
    }
  });
});

describe('the audit log', () => {
  it('when somebody changes or deletes an entry, then the database refuses; the origin may be dropped', async () => {
    await ACTS['leave']?.();
    const refused = /added to, never changed/;
    for (const set of [
      "actor = 'cli'",
      'at = now()',
      "detail = '{}'",
      'before = NULL',
      "origin = 'elsewhere'",
      'undoes = 1',
    ])
      await expect(database.pool.query(`UPDATE audit_log SET ${set}`)).rejects.toThrow(refused);
    await expect(database.pool.query('DELETE FROM audit_log')).rejects.toThrow(refused);
    await database.pool.query('UPDATE audit_log SET origin = NULL');
  });
});
