import type { SendMailOptions } from 'nodemailer';
import { beforeEach, describe, expect, it } from 'vitest';
import { forgetReports } from '../../src/db/feedback/reports.ts';
import { complaintShare } from '../../src/db/feedback/shares.ts';
import { takeIn } from '../../src/feedback/run-feedback.ts';
import type { Received } from '../../src/feedback/received.ts';
import { signReaderTokens } from '../../src/links/tokens.ts';
import { verpAddress } from '../../src/links/verp.ts';
import { addressHash } from '../../src/model/address.ts';
import { erase } from '../../src/subscribers/erase.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { asFixture } from '../support/wall.ts';
import { bounceMail, complaintMail } from '../world/feedback-mails.ts';
import { clearLedger } from '../world/ledger.ts';
import { makeReader } from '../world/readers.ts';
import { keysOf, signedLetter } from '../world/signed-letters.ts';
import { sesBounce } from './webhook-bodies.ts';

const database = testDatabase();
const SENT = new Date('2026-01-05T08:00:00Z');
const DOMAIN = 'bounces.example.org';
let ctx: TestContext;

beforeEach(async () => {
  await clearLedger(database.db);
  ctx = await testContext(database, { BOUNCE_DOMAIN: DOMAIN });
  ctx.setNow(new Date('2026-01-05T09:00:00Z'));
});

/** A mail that a reader was sent; returns its public id. */
async function sent(subscriberId: number, email: string, at = SENT, kind = 'link'): Promise<string> {
  const hash = addressHash(ctx.keys.suppression, email);
  await asFixture(
    database.pool,
    `INSERT INTO deliveries (kind, key, subscriber_id, email, address_hash, language, key_id, generation, state, next_attempt_at, sent_at, finished_at, created_at)
     VALUES ($1, $2, $3, $4, $5, 'en', 1, 1, 'sent', $6, $6, $6, $6)`,
    [kind, at.toISOString(), subscriberId, email, hash, at],
  );
  await database.pool.query('UPDATE subscribers SET address_hash = $2 WHERE id = $1', [subscriberId, hash]);
  return (await database.db.delivery.findFirstOrThrow({ orderBy: { id: 'desc' } })).publicId;
}

const verp = (publicId: string) => verpAddress(ctx.keys.link[0]!, publicId, DOMAIN);

let letter = 0;
function mail(raw: string, recipients: string[] = [], more: Partial<Received> = {}): Received {
  return {
    door: 'smtp',
    name: `letter ${++letter}`,
    bytes: Buffer.from(raw.replaceAll('\n', '\r\n')),
    recipients,
    ...more,
  };
}

const standing = () => database.db.addressStanding.findFirst();
const suppression = async () => (await database.db.suppression.findFirst())?.reason ?? null;

describe('whose it is', () => {
  it('when it came to the signed address, then it is that mail’s, whatever address it names', async () => {
    const { id } = await makeReader(database.db, SENT, { email: 'ada@example.org' });
    const delivery = await sent(id, 'ada@example.org');
    const taken = await takeIn(ctx)(mail(bounceMail('forwarded@elsewhere.example', '5.1.1'), [verp(delivery)]));
    expect(taken).toEqual({
      isNew: true,
      events: [{ kind: 'hard', address: 'ada@example.org', delivery, effect: 'suppressed' }],
    });
    expect(await suppression()).toBe('hard');
  });

  it('when its signature is false, then nothing changes, though its words name a reader', async () => {
    const { id } = await makeReader(database.db, SENT, { email: 'ada@example.org' });
    const delivery = await sent(id, 'ada@example.org');
    const forged = verp(delivery).replace(/-(.)/, (_, digit: string) => `-${digit === '0' ? '1' : '0'}`);
    const taken = await takeIn(ctx)(mail(bounceMail('ada@example.org', '5.1.1'), [forged]));
    expect(taken.events).toMatchObject([{ delivery: null, effect: 'unplaced' }]);
    expect(await suppression()).toBeNull();
  });

  it('when it returns our Message-ID, then it is that mail’s', async () => {
    const { id } = await makeReader(database.db, SENT, { email: 'ada@example.org' });
    const delivery = await sent(id, 'ada@example.org');
    const messageId = `<${delivery.replaceAll('-', '')}@digest.example.org>`;
    const { events } = await takeIn(ctx)(mail(bounceMail('ada@example.org', '5.1.1', { messageId })));
    expect(events).toMatchObject([{ delivery, effect: 'suppressed' }]);
  });

  it('when it names an address that got one mail in a week, then it is that one’s; of two nobody can tell', async () => {
    const { id } = await makeReader(database.db, SENT, { email: 'ada@example.org' });
    const delivery = await sent(id, 'ada@example.org');
    const first = await takeIn(ctx)(mail(bounceMail('Ada@Example.org', '4.2.2')));
    expect(first.events).toMatchObject([{ kind: 'soft', delivery, effect: 'half-point' }]);
    await sent(id, 'ada@example.org', new Date('2026-01-05T08:30:00Z'));
    const second = await takeIn(ctx)(mail(bounceMail('ada@example.org', '5.1.1')));
    expect(second.events).toMatchObject([
      { kind: 'hard', delivery: null, address: 'ada@example.org', effect: 'unplaced' },
    ]);
    expect(await suppression()).toBeNull();
  });

  it('when it names an address that got nothing, then nothing changes and it is listed', async () => {
    const { events } = await takeIn(ctx)(mail(bounceMail('stranger@example.org', '5.1.1')));
    expect(events).toMatchObject([{ delivery: null, address: 'stranger@example.org', effect: 'unplaced' }]);
    expect(await database.db.suppression.count()).toBe(0);
  });
});

describe('what nobody signed', () => {
  /** A report made by hand: it names a reader, and returns nothing of ours. */
  const forged = {
    complaint: () => complaintMail('ada@example.org', '<x@elsewhere.example>'),
    refusal: () => bounceMail('ada@example.org', '5.1.1'),
  };

  it.each(Object.entries(forged))(
    'when a %s names the reader of one mail, then it is listed and changes nothing; what is ours still counts',
    async (_, raw) => {
      const { id } = await makeReader(database.db, SENT, { email: 'ada@example.org' });
      const delivery = await sent(id, 'ada@example.org');
      for (let n = 0; n < 10; n++) {
        const { events } = await takeIn(ctx)(mail(raw() + '\n'.repeat(n)));
        expect(events).toMatchObject([{ delivery: null, address: 'ada@example.org', effect: 'unplaced' }]);
      }
      expect([await suppression(), await standing()]).toEqual([null, null]);
      expect(await database.db.subscriber.findUnique({ where: { id } })).toMatchObject({ status: 'confirmed' });
      expect(await complaintShare(database.db, SENT)).toMatchObject({ complaints: 0 });
      const { events } = await takeIn(ctx)(mail(raw(), [verp(delivery)]));
      expect(events).toMatchObject([{ delivery, effect: expect.stringMatching(/^(?:left|suppressed)$/) as string }]);
      expect(await suppression()).not.toBeNull();
    },
  );

  it('when it says on twelve days that the mailbox is full, then that alone never gives the address up', async () => {
    const { id } = await makeReader(database.db, SENT, { email: 'ada@example.org', cadence: 'weekly' });
    const effects: string[] = [];
    let delivery = '';
    for (let day = 0; day < 12; day++) {
      const at = new Date(SENT.getTime() + day * 86_400_000);
      if (day % 8 === 0) delivery = await sent(id, 'ada@example.org', at);
      ctx.setNow(new Date(at.getTime() + 3_600_000));
      if (day === 7) continue; // its only mail is more than a week old
      const { events } = await takeIn(ctx)(mail(bounceMail('ada@example.org', '4.2.2') + '\n'.repeat(day)));
      effects.push(events[0]?.effect ?? '');
    }
    expect(effects).toEqual([...Array.from({ length: 9 }, () => 'half-point'), 'filed', 'filed']);
    expect(await suppression()).toBeNull();
    ctx.setNow(new Date(SENT.getTime() + 12 * 86_400_000));
    const { events } = await takeIn(ctx)(mail(bounceMail('ada@example.org', '4.2.2'), [verp(delivery)]));
    expect(events).toMatchObject([{ effect: 'suppressed' }]);
  });

  it.each([
    ['complaint', 'left'],
    ['hard', 'suppressed'],
  ] as const)('when a provider tells of a %s by the address alone, then that counts', async (kind, effect) => {
    const { id } = await makeReader(database.db, SENT, { email: 'ada@example.org' });
    const delivery = await sent(id, 'ada@example.org');
    const said = { status: null, reply: null, about: null, rule: null, line: null };
    const recipients = [{ address: 'ada@example.org', kind, ...said }];
    const told = [{ id: kind, token: null, messageId: null, kind, recipients, because: kind }];
    const { events } = await takeIn(ctx)(mail(`{"${kind}":1}`, [], { door: 'webhook', told }));
    expect(events).toMatchObject([{ delivery, effect }]);
  });

  it('when Amazon’s mail hands back what we signed, then it is that mail’s; without it nothing changes', async () => {
    const { id } = await makeReader(database.db, SENT, { email: 'ada@example.org' });
    const delivery = await sent(id, 'ada@example.org');
    const token = verp(delivery).slice(2).split('@')[0] ?? '';
    const effects: unknown[] = [];
    for (const tags of [{}, { offprint: [token.replace(/.$/, 'x')] }, { offprint: [token] }]) {
      const { bounce, mail: about } = sesBounce();
      const notice = { eventType: 'Bounce', bounce, mail: { ...about, headers: [], commonHeaders: {}, tags } };
      const from = 'From: AWS Notifications <no-reply@sns.amazonaws.com>\nSubject: AWS Notification Message\n\n';
      effects.push((await takeIn(ctx)(mail(`${from}${JSON.stringify(notice)}\n`))).events[0]?.effect);
    }
    expect(effects).toEqual(['unplaced', 'unplaced', 'suppressed']);
  });
});

describe('what is odd', () => {
  it('when a report holds NULs and halves of characters, then it is kept as it came and understood all the same', async () => {
    const { id } = await makeReader(database.db, SENT, { email: 'ada@example.org' });
    const delivery = await sent(id, 'ada@example.org');
    const odd = mail(bounceMail('ada@example.org', '4.2.2', { words: '4.2.2 full \0 here =\ud800' }), [verp(delivery)]);
    const said = { status: null, reply: null, about: 'mailbox' as const, rule: null, line: 'a\0b\ud83d' };
    const recipients = [{ address: 'ada@example.org', kind: 'soft' as const, ...said }];
    const told = [{ id: 'odd\0', token: null, messageId: null, kind: 'soft' as const, recipients, because: 'x\0' }];
    expect((await takeIn(ctx)(odd)).isNew).toBe(true);
    expect((await takeIn(ctx)(mail('{"odd":1}', [], { door: 'webhook', name: 'n\0', told }))).isNew).toBe(true);
    const kept = await database.db.feedbackReport.findFirstOrThrow({ orderBy: { id: 'asc' } });
    expect(Buffer.from(kept.bytes).equals(Buffer.from(odd.bytes))).toBe(true);
  });
});

describe('one mail is one event', () => {
  const orders = [
    ['report', 'hook', 'again'],
    ['hook', 'report', 'again'],
    ['again', 'report', 'hook'],
  ] as const;

  it.each(orders)(
    'when it is told as %s, %s and %s, each twice, then there is one event and one state',
    async (...order) => {
      const { id } = await makeReader(database.db, SENT, { email: 'ada@example.org' });
      const delivery = await sent(id, 'ada@example.org');
      const token = verp(delivery).slice(2).split('@')[0] ?? '';
      const said = {
        status: '5.1.1',
        reply: '550',
        about: 'address' as const,
        rule: null,
        line: '550 5.1.1 no such user',
      };
      const ways = {
        report: () => mail(bounceMail('ada@example.org', '5.1.1'), [verp(delivery)]),
        again: () => mail(`${bounceMail('ada@example.org', '5.1.1')}\n\n`, [verp(delivery)]),
        hook: () => {
          const recipients = [{ address: 'ada@example.org', kind: 'hard' as const, ...said }];
          const told = [
            { id: 'event-1', token, messageId: null, kind: 'hard' as const, recipients, because: 'bounce' },
          ];
          return mail(`{"n":${letter}}`, [], { door: 'webhook', told });
        },
      };
      for (const way of [...order, ...order]) await takeIn(ctx)(ways[way]());
      expect(await database.db.feedbackEvent.count()).toBe(1);
      expect(await database.db.feedbackEvent.findFirst()).toMatchObject({ kind: 'hard', effect: 'suppressed' });
      expect(await database.db.suppression.count()).toBe(1);
    },
  );

  it('when the same bytes come again, then they are known; a place in a mailbox is read once', async () => {
    const { id } = await makeReader(database.db, SENT, { email: 'ada@example.org' });
    const delivery = await sent(id, 'ada@example.org');
    const one = mail(bounceMail('ada@example.org', '4.2.2'), [verp(delivery)], {
      door: 'imap',
      place: 'imap:h/u/INBOX/1/7',
    });
    expect((await takeIn(ctx)(one)).isNew).toBe(true);
    expect((await takeIn(ctx)(one)).isNew).toBe(false);
    expect((await takeIn(ctx)({ ...one, bytes: Buffer.from('Subject: other\r\n\r\nother') })).isNew).toBe(false);
    expect((await takeIn(ctx)({ ...one, place: 'imap:h/u/INBOX/2/1' })).isNew).toBe(false);
    expect([await database.db.feedbackReport.count(), await database.db.feedbackPlace.count()]).toEqual([1, 2]);
  });

  it('when many come at once, one of them broken, then each is answered and taken in once', async () => {
    const { id } = await makeReader(database.db, SENT, { email: 'ada@example.org' });
    const take = takeIn(ctx);
    const all = await Promise.all(
      Array.from({ length: 250 }, async (_, n) => take(mail(bounceMail(`nobody${n}@example.org`, '5.1.1')))),
    );
    expect(all.every(({ isNew }) => isNew)).toBe(true);
    expect(await database.db.feedbackReport.count()).toBe(250);
    expect(await database.db.feedbackEvent.count({ where: { effect: 'unplaced' } })).toBe(250);
    expect(id).toBeGreaterThan(0);
  });
});

describe('what follows', () => {
  it('when an address took mail lately, then it is in doubt, rests three days, and is given up if it refuses again', async () => {
    const { id } = await makeReader(database.db, SENT, { email: 'ada@example.org' });
    await sent(id, 'ada@example.org', new Date('2026-01-02T08:00:00Z'));
    const refused = await sent(id, 'ada@example.org');
    const first = await takeIn(ctx)(mail(bounceMail('ada@example.org', '5.1.1'), [verp(refused)]));
    expect(first.events).toMatchObject([{ effect: 'in-doubt' }]);
    expect(await standing()).toMatchObject({ restUntil: new Date('2026-01-08T09:00:00Z') });
    const before = await sent(id, 'ada@example.org', new Date('2026-01-05T08:59:00Z'));
    const same = await takeIn(ctx)(mail(bounceMail('ada@example.org', '5.1.1'), [verp(before)]));
    expect(same.events).toMatchObject([{ effect: 'in-doubt-already' }]);
    ctx.setNow(new Date('2026-01-09T09:00:00Z'));
    const later = await sent(id, 'ada@example.org', new Date('2026-01-09T08:00:00Z'));
    const last = await takeIn(ctx)(mail(bounceMail('ada@example.org', '5.1.1'), [verp(later)]));
    expect(last.events).toMatchObject([{ effect: 'suppressed' }]);
    expect((await database.db.suppression.findFirst())?.note).toBe(
      'refused as unknown on 2026-01-05 and again on 2026-01-09',
    );
  });

  it('when a mailbox is full on ten days of a weekly reader’s, then it is given up; an arrival between forgets them', async () => {
    const { id } = await makeReader(database.db, SENT, { email: 'ada@example.org', cadence: 'weekly' });
    const effects: string[] = [];
    for (let week = 0; week < 10; week++) {
      const at = new Date(SENT.getTime() + week * 7 * 86_400_000);
      const delivery = await sent(id, 'ada@example.org', at);
      ctx.setNow(new Date(at.getTime() + 3_600_000));
      const { events } = await takeIn(ctx)(mail(bounceMail('ada@example.org', '4.2.2'), [verp(delivery)]));
      effects.push(events[0]?.effect ?? '');
    }
    expect(effects).toEqual([...Array.from({ length: 9 }, () => 'half-point'), 'suppressed']);
  });

  it('when a newsletter arrives between two refusals of a mailbox, then it begins anew', async () => {
    const { id } = await makeReader(database.db, SENT, { email: 'ada@example.org' });
    const full = await sent(id, 'ada@example.org');
    await takeIn(ctx)(mail(bounceMail('ada@example.org', '4.2.2'), [verp(full)]));
    await sent(id, 'ada@example.org', new Date('2026-01-06T08:00:00Z'), 'newsletter');
    const again = await sent(id, 'ada@example.org', new Date('2026-01-09T09:00:00Z'));
    ctx.setNow(new Date('2026-01-09T10:00:00Z'));
    await takeIn(ctx)(mail(bounceMail('ada@example.org', '4.2.2'), [verp(again)]));
    expect(await standing()).toMatchObject({ halfPoints: 1 });
  });

  it('when it speaks of us or of what we wrote, then no address loses anything', async () => {
    const { id } = await makeReader(database.db, SENT, { email: 'ada@example.org' });
    for (const words of [
      '5.7.1 Message blocked: listed by zen.spamhaus.org',
      '5.6.0 content rejected as spam',
      '5.7.26 DMARC',
    ]) {
      const delivery = await sent(id, 'ada@example.org', new Date(SENT.getTime() + ++letter * 1000));
      const { events } = await takeIn(ctx)(
        mail(bounceMail('ada@example.org', words.slice(0, 5), { words }), [verp(delivery)]),
      );
      expect(events).toMatchObject([{ effect: 'not-theirs' }]);
    }
    expect([await standing(), await suppression()]).toEqual([null, null]);
  });

  it('when a reader calls a mail spam, then they leave and nothing goes there any more', async () => {
    const { id } = await makeReader(database.db, SENT, { email: 'ada@example.org' });
    const delivery = await sent(id, 'ada@example.org');
    const messageId = `<${delivery.replaceAll('-', '')}@digest.example.org>`;
    const { events } = await takeIn(ctx)(mail(complaintMail('ada@example.org', messageId)));
    expect(events).toMatchObject([{ kind: 'complaint', delivery, effect: 'left' }]);
    expect(await suppression()).toBe('complaint');
    expect(await database.db.subscriber.findFirst()).toMatchObject({ status: 'unsubscribed', nextDueAt: null });
    const bounce = await takeIn(ctx)(mail(bounceMail('ada@example.org', '5.1.1'), [verp(delivery)]));
    expect(bounce.events).toMatchObject([{ effect: 'already' }]);
    expect(await suppression()).toBe('complaint');
  });

  it('when a soft report follows a permanent one, then it changes nothing; the reverse does', async () => {
    const { id } = await makeReader(database.db, SENT, { email: 'ada@example.org' });
    const delivery = await sent(id, 'ada@example.org');
    const soft = await takeIn(ctx)(mail(bounceMail('ada@example.org', '4.2.2'), [verp(delivery)]));
    const hard = await takeIn(ctx)(mail(bounceMail('ada@example.org', '5.1.1'), [verp(delivery)]));
    expect([soft.events[0]?.effect, hard.events[0]?.effect]).toEqual(['half-point', 'suppressed']);
  });

  it('when a test mail is refused, then it counts for nothing', async () => {
    const { id } = await makeReader(database.db, SENT, { email: 'ada@example.org' });
    const delivery = await sent(id, 'ada@example.org', SENT, 'test');
    const { events } = await takeIn(ctx)(mail(bounceMail('ada@example.org', '5.1.1'), [verp(delivery)]));
    expect(events).toMatchObject([{ effect: 'only-a-test' }]);
    expect(await suppression()).toBeNull();
  });

  it('when reports tell of refusals, then the days of their destination count each once, and no test', async () => {
    const { id } = await makeReader(database.db, SENT, { email: 'ada@example.org' });
    const delivery = await sent(id, 'ada@example.org');
    const test = await sent(id, 'ada@example.org', SENT, 'test');
    const full = bounceMail('ada@example.org', '4.2.2');
    await takeIn(ctx)(mail(full, [verp(delivery)]));
    await takeIn(ctx)(mail(`${full}\n`, [verp(delivery)]));
    await takeIn(ctx)(mail(`${full}\n\n`, [verp(test)]));
    await takeIn(ctx)(mail(bounceMail('ada@example.org', '5.1.1'), [verp(delivery)]));
    const days = await database.db.destinationDay.findMany({ orderBy: { about: 'asc' } });
    expect(days.map(({ destination, answer, about, n }) => [destination, answer, about, Number(n)])).toEqual([
      ['example.org', 'refused', 'address', 1],
      ['example.org', 'refused', 'mailbox', 1],
    ]);
  });
});

describe('letters from people', () => {
  const TOKEN_OF = (publicId: string, generation: number) =>
    signReaderTokens(ctx.keys.link[0]!, publicId, generation).unsubscribe;

  /** The forms that programs make of `mailto:leave@…?subject=unsubscribe%20TOKEN`. */
  const forms: [name: string, letter: (token: string) => string][] = [
    [
      'Thunderbird',
      (token) =>
        `From: Ada <ada@example.org>\nTo: leave@bounces.example.org\nSubject: unsubscribe ${token}\nUser-Agent: Mozilla Thunderbird\nContent-Type: text/plain; charset=UTF-8; format=flowed\n\n\n`,
    ],
    [
      'Gmail',
      (token) =>
        `From: ada@example.org\nTo: leave@bounces.example.org\nSubject: unsubscribe ${token}\nMIME-Version: 1.0\nContent-Type: text/plain; charset="UTF-8"\n\nThis message was automatically generated by Gmail.\n`,
    ],
    [
      'capitals and another address',
      (token) =>
        `From: other@elsewhere.example\nTo: leave@bounces.example.org\nSubject: ${token.toUpperCase()}\n\nplease`,
    ],
    ['a subject broken in two', (token) => `From: ada@example.org\nSubject: unsubscribe\n ${token}\n\n`],
  ];

  it.each(forms)('when a reader leaves by mail as %s writes it, then they are out at once', async (_, form) => {
    const { id, publicId, generation } = await makeReader(database.db, SENT, { email: 'ada@example.org' });
    const raw = form(TOKEN_OF(publicId, generation));
    const { events } = await takeIn(ctx)(mail(raw, ['leave@bounces.example.org']));
    expect(events).toMatchObject([{ kind: 'unsubscribe', address: 'ada@example.org', effect: 'left' }]);
    expect(await database.db.subscriber.findUnique({ where: { id } })).toMatchObject({ status: 'unsubscribed' });
    expect(await suppression()).toBeNull(); // leaving is no suppression
  });

  it('when it bears no token, or a forged one, then the reader is asked by a link and stays', async () => {
    const { id, publicId, generation } = await makeReader(database.db, SENT, { email: 'ada@example.org' });
    const forged = TOKEN_OF(publicId, generation).replace(/.$/, (digit) => (digit === '0' ? '1' : '0'));
    for (const subject of ['unsubscribe', `unsubscribe ${forged}`]) {
      const { events } = await takeIn(ctx)(mail(`From: ada@example.org\nSubject: ${subject}\n\n`));
      expect(events).toMatchObject([{ kind: 'unsubscribe', effect: 'asked' }]);
    }
    expect(await database.db.subscriber.findUnique({ where: { id } })).toMatchObject({ status: 'confirmed' });
    expect(await database.db.delivery.count({ where: { kind: 'link', subscriberId: id } })).toBeGreaterThan(0);
  });

  const LEAVE = 'leave@digest.example.org';
  /** Takes in a letter of Ada's without a token, where name servers know her domain's key. */
  async function letterOf(domain: string, change: SendMailOptions = {}) {
    const at = await testContext(database, { BOUNCE_DOMAIN: DOMAIN, UNSUBSCRIBE_MAILTO: `mailto:${LEAVE}` });
    at.setNow(ctx.now());
    const date = new Date('2026-01-05T08:30:00Z');
    const raw = await signedLetter(domain, { from: 'ada@example.org', to: LEAVE, date, ...change });
    const bytes = Buffer.from(raw, 'latin1');
    const received: Received = { door: 'smtp', name: `letter ${++letter}`, bytes, recipients: [LEAVE] };
    return (await takeIn(at, { asking: { ask: keysOf('example.org', 'example.net') } })(received)).events;
  }

  it('when it bears no token, but the domain of the reader signed it, then they are out at once', async () => {
    const { id } = await makeReader(database.db, SENT, { email: 'ada@example.org' });
    expect(await letterOf('example.org')).toMatchObject([{ kind: 'unsubscribe', effect: 'left' }]);
    expect(await database.db.subscriber.findUnique({ where: { id } })).toMatchObject({ status: 'unsubscribed' });
    expect(await database.db.feedbackEvent.findFirst()).toMatchObject({ rule: 'signed-by-domain' });
  });

  it.each<[string, string, SendMailOptions, Date?]>([
    ['another domain signed it', 'example.net', {}],
    ['it was written before they agreed', 'example.org', { date: new Date('2026-01-05T07:59:00Z') }],
    [
      'it was written weeks ago',
      'example.org',
      { date: new Date('2025-12-01T08:00:00Z') },
      new Date('2025-06-01T08:00:00Z'),
    ],
    ['it went to somebody else', 'example.org', { to: 'friend@example.com', cc: `${LEAVE}.example` }],
  ])('when %s, then the reader is asked by a link and stays', async (_what, domain, change, agreedAt = SENT) => {
    const { id } = await makeReader(database.db, agreedAt, { email: 'ada@example.org' });
    expect(await letterOf(domain, change)).toMatchObject([{ kind: 'unsubscribe', effect: 'asked' }]);
    expect(await database.db.subscriber.findUnique({ where: { id } })).toMatchObject({ status: 'confirmed' });
  });

  it('when a newsletter is quoted or returned with its own token, then nobody leaves', async () => {
    const { id, publicId, generation } = await makeReader(database.db, SENT, { email: 'ada@example.org' });
    const token = TOKEN_OF(publicId, generation);
    const returned = bounceMail('ada@example.org', '4.2.2', {
      messageId: `<x@y>\nList-Unsubscribe: <mailto:l@e?subject=${token}>`,
    });
    await takeIn(ctx)(mail(returned));
    await takeIn(ctx)(
      mail(`From: ada@example.org\nSubject: Re: papers\n\nThanks!\n\n> https://x/unsubscribe/${token}\n`),
    );
    await takeIn(ctx)(
      mail(`From: ada@example.org\nSubject: Out of office\nAuto-Submitted: auto-replied\n\n${token}\n`),
    );
    expect(await database.db.subscriber.findUnique({ where: { id } })).toMatchObject({ status: 'confirmed' });
  });

  it('when a reader answers, then the letter waits for a person; an absence is filed', async () => {
    await makeReader(database.db, SENT, { email: 'ada@example.org' });
    await takeIn(ctx)(mail('From: ada@example.org\nSubject: Re: papers\nIn-Reply-To: <x@y>\n\nI like them.\n'));
    await takeIn(ctx)(
      mail('From: ada@example.org\nSubject: Out of office\nAuto-Submitted: auto-replied\n\nBack on Monday.\n'),
    );
    const reports = await database.db.feedbackReport.findMany({ orderBy: { id: 'asc' } });
    expect(reports.map(({ kind, waits }) => [kind, waits])).toEqual([
      ['reply', true],
      ['auto_reply', false],
    ]);
    expect(await database.db.feedbackEvent.count({ where: { effect: 'filed' } })).toBe(2);
  });

  it('when a person is erased, then the mails that came about them go, and events name nobody', async () => {
    const { id } = await makeReader(database.db, SENT, { email: 'ada@example.org' });
    const delivery = await sent(id, 'ada@example.org');
    await takeIn(ctx)(mail(bounceMail('ada@example.org', '4.2.2'), [verp(delivery)]));
    const unplaced = await takeIn(ctx)(mail(bounceMail('ada@example.org', '5.1.1')));
    expect(unplaced.events).toMatchObject([{ delivery: null, address: 'ada@example.org' }]);
    await takeIn(ctx)(mail(bounceMail('grace@example.org', '5.1.1')));
    await erase(ctx, { email: 'ada@example.org' });
    expect(await database.db.feedbackReport.count()).toBe(1);
    const [placed, named, other] = await database.db.feedbackEvent.findMany({ orderBy: { id: 'asc' } });
    const nobody = { subscriberId: null, addressHash: null, named: null, line: null };
    expect([placed, named]).toMatchObject([nobody, nobody]);
    expect(other).toMatchObject({ named: 'grace@example.org' });
  });

  it('when a report is forgotten, then whom it named goes too, where their mail was not found', async () => {
    const { id } = await makeReader(database.db, SENT, { email: 'ada@example.org' });
    await takeIn(ctx)(mail(bounceMail('ada@example.org', '4.2.2'), [verp(await sent(id, 'ada@example.org'))]));
    await takeIn(ctx)(mail(bounceMail('grace@example.org', '5.1.1')));
    await forgetReports(ctx.db, ctx.now());
    const named = async () => (await database.db.feedbackEvent.findMany({ where: { named: { not: null } } })).length;
    expect(await named()).toBe(1);
    await forgetReports(ctx.db, new Date(ctx.now().getTime() + 1));
    expect(await named()).toBe(0);
    const events = await database.db.feedbackEvent.findMany({ orderBy: { id: 'asc' } });
    expect(events.map(({ line, destination }) => [line !== null, destination])).toEqual([
      [true, 'example.org'],
      [false, 'example.org'],
    ]);
  });
});
