import { beforeEach, describe, expect, it, test } from 'vitest';
import type { Keys } from '../../src/context.ts';
import { claimDeliveries } from '../../src/db/ledger/claim.ts';
import { planNotice, type PlannedNotice } from '../../src/db/ledger/plan-notice.ts';
import { noticeInput } from '../../src/deliver/sending/notice-input.ts';
import { addressHash } from '../../src/model/address.ts';
import type { SubscriberStatus } from '../../src/model/subscriber.ts';
import { isNotice, MAIL_KINDS, mailKinds, type MailKind, type NoticeKind } from '../../src/model/mail-kind.ts';
import { testDatabase } from '../support/database.ts';
import { PAYLOADS, shownBy } from '../world/newsletters.ts';
import { sampleComposer } from '../world/installation.ts';
import { clearLedger, ledger } from '../world/ledger.ts';
import { KEY, makeReader } from '../world/readers.ts';
import { planMail } from '../world/mails.ts';

const database = testDatabase();
const keys: Keys = { link: [{ id: 1, secret: Buffer.alloc(32, 7) }], suppression: KEY };
const now = new Date('2026-01-05T12:00:00Z');
const later = new Date('2026-01-05T13:00:00Z');
const email = 'ada@example.org';

beforeEach(() => clearLedger(database.db));

/** A reader with an open question, and a mail of this kind to them. */
async function planned(
  kind: MailKind,
  status: SubscriberStatus = 'pending',
  language = 'en',
): Promise<{ publicId: string; notice: PlannedNotice | null }> {
  const confirmedAt = status === 'pending' ? null : now;
  const { id, publicId } = await makeReader(database.db, now, { email, status, confirmedAt });
  const request = await database.db.confirmationRequest.create({
    data: { publicId: 'req1', subscriberId: id, createdAt: now, expiresAt: later },
  });
  if (!isNotice(kind)) {
    await planMail(database.db, { kind, edition: 'daily:2026-01-05', subscriberId: id, email });
    return { publicId, notice: null };
  }
  const notice = noticeOf(kind, { id, email, language, generation: 3 }, request.id);
  await planNotice(database.db, keys, notice, now);
  return { publicId, notice };
}

function noticeOf(kind: NoticeKind, to: PlannedNotice['to'], requestId: number): PlannedNotice {
  const about = MAIL_KINDS[kind].link?.names === 'request' ? { requestId } : {};
  const whom = MAIL_KINDS[kind].audience === 'operator' ? { ...to, id: null } : to;
  return { kind, payload: PAYLOADS[kind], key: 'k', to: whom, ...about } as PlannedNotice;
}

const claimed = async () =>
  (await claimDeliveries(database.db, { worker: 'w', limit: 9, now, leaseSeconds: 60 })).claimed;

it('when the database is asked, then it knows the kinds of the table', async () => {
  const rows = await database.db.$queryRaw<
    { kind: string }[]
  >`SELECT unnest(enum_range(NULL::delivery_kind))::text AS kind`;
  expect(rows.map(({ kind }) => kind).sort()).toEqual([...mailKinds()].sort());
});

describe.each(mailKinds().filter(isNotice))('a notice of kind %s', (kind) => {
  test.each(['en', 'de'])(
    'when it is planned in %s, then what is claimed is read, composed, and leads where it should',
    async (language) => {
      const { publicId } = await planned(kind, 'pending', language);
      const [delivery] = await claimed();
      const input = noticeInput(delivery!);
      const subjects = { request: 'req1', subscriber: publicId, link: 'Abcdefgh12345678' };
      const { link, priority } = MAIL_KINDS[kind];
      expect(input).toMatchObject({
        kind,
        payload: PAYLOADS[kind],
        language,
        tokenSubject: link && subjects[link.names],
      });
      expect(await database.db.delivery.findFirst()).toMatchObject({ kind, priority });
      const mail = (await sampleComposer()).notice({ ...input, ...shownBy(kind, language) });
      expect(mail.envelope.to).toBe(email);
      expect(Buffer.from(mail.raw).toString('latin1')).toMatch(/text\/plain[^]*text\/html/);
    },
  );

  it('when it is planned twice, then it is there once', async () => {
    const { notice } = await planned(kind);
    expect(await planNotice(database.db, keys, notice!, now)).toBe(false);
    expect(await ledger(database.db)).toHaveLength(1);
  });

  it('when what it says is not of its kind, or its request is missing, then it is refused before it is written', async () => {
    const { notice } = await planned(kind);
    await clearLedger(database.db);
    const odd = { ...notice, payload: { ...PAYLOADS[kind], requestPublicId: 'req1' } } as unknown as PlannedNotice;
    await expect(planNotice(database.db, keys, odd, now)).rejects.toThrow();
    if (MAIL_KINDS[kind].link?.names === 'request') {
      const without = { kind, payload: PAYLOADS[kind], key: 'k', to: notice?.to } as PlannedNotice;
      await expect(planNotice(database.db, keys, without, now)).rejects.toThrow(/needs its request/);
    }
    expect(await ledger(database.db)).toEqual([]);
  });
});

/** What becomes of a mail at the claim: to somebody pending, confirmed or out, and to one pending who was erased. */
const DOORS: Record<MailKind, [pending: string, confirmed: string, out: string, erased: string]> = {
  newsletter: ['not_confirmed', 'sending', 'unsubscribed', 'suppressed'],
  confirmation: ['sending', 'already_confirmed', 'sending', 'sending'],
  reminder: ['sending', 'already_confirmed', 'sending', 'sending'],
  link: ['sending', 'sending', 'sending', 'suppressed'],
  moving: ['sending', 'sending', 'sending', 'suppressed'],
  alarm: ['sending', 'sending', 'sending', 'sending'],
  sign_in: ['sending', 'sending', 'sending', 'sending'],
  new_sign_in: ['sending', 'sending', 'sending', 'sending'],
  invitation: ['sending', 'sending', 'sending', 'sending'],
  test: ['sending', 'sending', 'sending', 'sending'],
};

async function becomes(kind: MailKind, status: SubscriberStatus, suppressed?: string): Promise<string | undefined> {
  await planned(kind, status);
  if (suppressed)
    await database.db.$executeRaw`
      INSERT INTO suppressions (address_hash, reason, at) VALUES (${addressHash(KEY, email)}, ${suppressed}::suppression_reason, ${now})`;
  await claimed();
  const [row] = await ledger(database.db);
  return row?.end_reason ?? row?.state;
}

describe.each(mailKinds())('who may get a mail of kind %s', (kind) => {
  const [pending, confirmed, out, erased] = DOORS[kind];
  it.each<[SubscriberStatus, string | undefined, string]>([
    ['pending', undefined, pending],
    ['confirmed', undefined, confirmed],
    ['unsubscribed', undefined, out],
    ['pending', 'erased', erased],
    // The address of an alarm is the operator's own: it has no hash.
    ['pending', 'manual', MAIL_KINDS[kind].audience === 'operator' ? 'sending' : 'suppressed'],
  ])('when it goes to somebody %s, suppressed as %s, then it is %s', async (status, suppressed, outcome) => {
    expect(await becomes(kind, status, suppressed)).toBe(outcome);
  });
});
