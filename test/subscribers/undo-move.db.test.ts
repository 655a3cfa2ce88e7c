import { beforeEach, describe, expect, it } from 'vitest';
import { claimDeliveries } from '../../src/db/ledger/claim.ts';
import { addSuppression } from '../../src/db/subscribers/suppressions.ts';
import { signToken } from '../../src/links/tokens.ts';
import { addressHash } from '../../src/model/address.ts';
import { changeAddress } from '../../src/subscribers/change-address.ts';
import { confirm, renewConfirmation } from '../../src/subscribers/confirm.ts';
import { erase } from '../../src/subscribers/erase.ts';
import { readPreferences } from '../../src/subscribers/preferences.ts';
import { subscribe } from '../../src/subscribers/subscribe.ts';
import { suppress } from '../../src/operate/suppress.ts';
import { lookUpMove, undoMove } from '../../src/subscribers/undo-move.ts';
import { unsubscribe } from '../../src/subscribers/unsubscribe.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { confirmedReader, confirmToken, form, mailsTo, reload, tokenFor, VISITOR } from '../world/sign-ups.ts';
import type { Subscriber } from '../../src/model/subscriber.ts';

const database = testDatabase();
let ctx: TestContext;

const [OLD, NEW, THIRD] = ['old@example.org', 'new@example.org', 'third@example.org'];
const DAY_MS = 86_400_000;

beforeEach(async () => {
  ctx = await testContext(database);
  ctx.setNow('2026-05-04T00:00:00Z');
  await ctx.db.$executeRaw`CALL empty_tables('subscribers, deliveries, suppressions')`;
});

const later = (ms: number) => ctx.setNow(new Date(ctx.now().getTime() + ms));

async function ask(reader: Subscriber, email: string): Promise<string> {
  await changeAddress(ctx, tokenFor(ctx, 'preferences', reader), email);
  return undoToken(reader.email);
}

/** The token in the newest mail that told an address of a move. */
async function undoToken(email: string): Promise<string> {
  const told = await ctx.db.delivery.findFirstOrThrow({ where: { email, kind: 'moving' }, orderBy: { id: 'desc' } });
  return signToken(ctx.keys.link[0]!, 'undo', told.key, told.generation);
}

async function moveTo(reader: Subscriber, email: string): Promise<{ undo: string; reader: Subscriber }> {
  const undo = await ask(reader, email);
  expect(await confirm(ctx, await confirmToken(ctx, email), VISITOR)).toMatchObject({ outcome: 'moved' });
  return { undo, reader: await reload(ctx, email) };
}

/** What of an address's mails the senders would take now. */
async function claimed(email: string): Promise<string[]> {
  const by = { worker: 'w', limit: 100, now: ctx.now(), leaseSeconds: 60 };
  const result = await claimDeliveries(ctx.db, by);
  return result.claimed.filter((delivery) => delivery.email === email).map(({ kind }) => kind);
}

describe('a change of address', () => {
  it('when it is asked for, then the old address is told, whether the new one may be asked or not', async () => {
    const held = await confirmedReader(ctx, 'held@example.org');
    const declined = addressHash(ctx.keys.suppression, 'no@example.org');
    await addSuppression(ctx.db, { addressHash: declined, reason: 'manual', note: null, at: ctx.now() });
    for (const [n, email] of [NEW, held.email, 'no@example.org'].entries()) {
      const reader = await confirmedReader(ctx, `reader${n}@example.org`);
      await ask(reader, email);
      expect((await mailsTo(ctx, reader.email)).at(-1)).toBe('moving planned');
    }
    expect(await mailsTo(ctx, NEW)).toEqual(['confirmation planned']);
    expect(await mailsTo(ctx, 'no@example.org')).toEqual([]);
  });

  it('when the reader has moved and left since, then the old address is still told', async () => {
    const { reader } = await moveTo(await confirmedReader(ctx, OLD), NEW);
    await unsubscribe(ctx, tokenFor(ctx, 'unsubscribe', reader), { actor: 'reader' });
    expect(await claimed(OLD)).toEqual(['moving']);
  });

  it.each([
    ['suppressed', () => suppress(ctx, { email: OLD }, 'cli')],
    ['erased', () => erase(ctx, { email: OLD })],
    ['told and took it back', async () => undoMove(ctx, await undoToken(OLD))],
  ])('when the old address is %s, then nothing more goes to it', async (_, act) => {
    await ask(await confirmedReader(ctx, OLD), NEW);
    await act();
    expect(await claimed(OLD)).toEqual([]);
  });

  it('when the new address has a new link sent after two days, then the old address is told again', async () => {
    await ask(await confirmedReader(ctx, OLD), NEW);
    const token = await confirmToken(ctx, NEW);
    later(3 * DAY_MS);
    await renewConfirmation(ctx, token);
    await renewConfirmation(ctx, token);
    expect((await mailsTo(ctx, OLD)).filter((mail) => mail.startsWith('moving'))).toHaveLength(2);
    await confirm(ctx, await confirmToken(ctx, NEW), VISITOR);
    later(6 * DAY_MS);
    expect(await undoMove(ctx, await undoToken(OLD))).toMatchObject({ outcome: 'restored' });
  });
});

describe('undoMove', () => {
  it('when the new address has said yes, then the old one is back, and every link from before opens nothing', async () => {
    const before = await confirmedReader(ctx, OLD, { interests: ['graphs'] });
    const { undo, reader: moved } = await moveTo(before, NEW);
    expect(await lookUpMove(ctx, undo)).toMatchObject({ state: 'open', moved: true, oldEmail: OLD });
    expect((await reload(ctx, NEW)).status).toBe('confirmed'); // looking changes nothing
    later(6 * DAY_MS);
    expect(await undoMove(ctx, undo)).toMatchObject({ outcome: 'restored', oldEmail: OLD });
    const back = await reload(ctx, OLD);
    expect(back).toMatchObject({ status: 'confirmed', publicId: before.publicId });
    expect(Buffer.from(back.addressHash)).toEqual(addressHash(ctx.keys.suppression, OLD));
    for (const reader of [before, moved])
      expect(await readPreferences(ctx, tokenFor(ctx, 'preferences', reader))).toBeNull();
    expect((await readPreferences(ctx, tokenFor(ctx, 'preferences', back)))?.wishes).toHaveLength(1);
    expect(await ctx.db.subscriber.count({ where: { email: NEW } })).toBe(0);
    expect(await ctx.db.auditEntry.count({ where: { action: 'undo-change-address', subject: back.publicId } })).toBe(1);
    expect(await undoMove(ctx, undo)).toMatchObject({ outcome: 'already', oldEmail: OLD });
    expect((await reload(ctx, OLD)).generation).toBe(back.generation);
  });

  it('when the new address has not answered, then it can no longer say yes, and the link that asked is void', async () => {
    const before = await confirmedReader(ctx, OLD);
    const undo = await ask(before, NEW);
    const yes = await confirmToken(ctx, NEW);
    expect(await undoMove(ctx, undo)).toMatchObject({ outcome: 'kept' });
    expect(await confirm(ctx, yes, VISITOR)).toMatchObject({ outcome: 'already' });
    expect(await reload(ctx, OLD)).toMatchObject({ status: 'confirmed' });
    expect(await changeAddress(ctx, tokenFor(ctx, 'preferences', before), NEW)).toEqual({ outcome: 'unknown' });
    expect(await claimed(NEW)).toEqual([]);
  });

  it('when more than seven days have gone since the new address said yes, then it is too late', async () => {
    const reader = await confirmedReader(ctx, OLD);
    const undo = await ask(reader, NEW);
    later(DAY_MS);
    await confirm(ctx, await confirmToken(ctx, NEW), VISITOR);
    later(7 * DAY_MS);
    expect(await lookUpMove(ctx, undo)).toMatchObject({ state: 'open' });
    later(1);
    expect(await lookUpMove(ctx, undo)).toMatchObject({ state: 'ended' });
    expect(await undoMove(ctx, undo)).toMatchObject({ outcome: 'ended' });
    expect((await reload(ctx, NEW)).status).toBe('confirmed');
  });

  it('when it was moved on since, then the first address has the last word, and the others none', async () => {
    const first = await moveTo(await confirmedReader(ctx, OLD), NEW);
    later(3_600_000);
    const second = await moveTo(first.reader, THIRD);
    expect(await undoMove(ctx, first.undo)).toMatchObject({ outcome: 'restored', oldEmail: OLD });
    expect(await undoMove(ctx, second.undo)).toMatchObject({ outcome: 'ended' });
    expect(await reload(ctx, OLD)).toMatchObject({ status: 'confirmed' });
  });

  it('when somebody signed the old address up meanwhile, then an unanswered sign-up gives way, a reader does not', async () => {
    const { undo } = await moveTo(await confirmedReader(ctx, OLD), NEW);
    later(3_600_000);
    await subscribe(ctx, form(OLD), VISITOR);
    const token = await confirmToken(ctx, OLD);
    expect(await undoMove(ctx, undo)).toMatchObject({ outcome: 'restored' });
    expect(await confirm(ctx, token, VISITOR)).toEqual({ outcome: 'unknown' });
    const again = await moveTo(await reload(ctx, OLD), THIRD);
    later(3_600_000);
    await confirmedReader(ctx, OLD);
    expect(await undoMove(ctx, again.undo)).toMatchObject({ outcome: 'ended' });
    expect(await reload(ctx, THIRD)).toMatchObject({ status: 'confirmed' });
  });

  it('when it is pressed ten times at once, then it happens once', async () => {
    const { undo } = await moveTo(await confirmedReader(ctx, OLD), NEW);
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => undoMove(ctx, undo)));
    expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual([...Array<string>(9).fill('already'), 'restored']);
  });

  it.each(['', 'nonsense', 'undo.x.1.AAAAAAAAAAAAAAAAAAAAA'])(
    'when the token is %j, then it is unknown',
    async (token) => {
      expect(await lookUpMove(ctx, token)).toEqual({ state: 'unknown' });
      expect(await undoMove(ctx, token)).toEqual({ outcome: 'unknown' });
    },
  );

  it('when the question of a sign-up, or a link of another purpose is used, then it undoes nothing', async () => {
    await subscribe(ctx, form(OLD), VISITOR);
    const { key } = await ctx.db.delivery.findFirstOrThrow({ where: { email: OLD } });
    expect(await lookUpMove(ctx, signToken(ctx.keys.link[0]!, 'undo', key, 1))).toEqual({ state: 'unknown' });
    const undo = await ask(await confirmedReader(ctx, 'other@example.org'), NEW);
    const confirming = undo.replace(/^undo/, 'confirm');
    expect(await confirm(ctx, confirming, VISITOR)).toEqual({ outcome: 'unknown' });
    expect(await undoMove(ctx, await confirmToken(ctx, NEW))).toEqual({ outcome: 'unknown' });
  });
});
