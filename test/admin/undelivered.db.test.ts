import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { cancelEdition } from '../../src/operate/cancel-edition.ts';
import { reconcile } from '../../src/operate/reconcile.ts';
import { resend } from '../../src/operate/resend.ts';
import { lookAtToday } from '../../src/operate/today/look-at-today.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { asFixture } from '../support/wall.ts';
import { makeMails } from '../world/edition-mails.ts';
import { adminServer, type AdminServer } from './admin-server.ts';

const database = testDatabase();
const DAY = 'daily:2026-01-05';
const WEEK = 'weekly:2026-W02';
let ctx: TestContext;
let admin: AdminServer;

beforeAll(async () => {
  ctx = await testContext(database, { ADMIN_EMAIL: 'ops@example.org' });
  admin = await adminServer(ctx);
});
afterAll(() => admin.close());
beforeEach(async () => {
  ctx.setNow('2026-01-05T12:00:00Z');
  await ctx.db.$executeRaw`CALL empty_tables('deliveries, editions, suppressions, audit_log, admins')`;
});

const mails = (edition: string, state: string, many: number, madeAt = ctx.now()) =>
  makeMails(ctx.db, edition, { state, many, madeAt, at: ctx.now() });
/** The editions that need somebody, with how many did not arrive. */
const needs = async () =>
  (await lookAtToday(ctx, null)).needs.flatMap((need) =>
    need.kind === 'undelivered' ? [`${need.failed + need.bounced} of ${need.total} of ${need.edition}`] : [],
  );
/** Those that a mail tells of; that the ledger of these does not add up is another alarm. */
const mailed = async () => {
  await reconcile(ctx);
  const alarms = await ctx.db.delivery.findMany({ where: { kind: 'alarm', key: { startsWith: 'edition:' } } });
  return alarms.map(({ key }) => key);
};

describe('whom it needs, and for how long', () => {
  it('when mails of a weekly edition are refused on Saturday, then it is told by page and mail, until days after its week', async () => {
    ctx.setNow('2026-01-10T12:00:00Z');
    await mails(WEEK, 'sent', 1_000, new Date('2026-01-04T10:00:00Z'));
    await mails(WEEK, 'bounced', 1_000);
    expect(await needs()).toEqual([`1000 of 2000 of ${WEEK}`]);
    expect(await mailed()).toEqual([`edition:${WEEK}:failing`]);
    ctx.setNow('2026-01-16T23:59:00Z');
    expect(await needs()).toEqual([`1000 of 2000 of ${WEEK}`]);
    ctx.setNow('2026-01-17T00:01:00Z');
    expect(await needs()).toEqual([]);
  });

  it('when the last Sunday readers of a week are given up after three days, then page and mail tell of that too', async () => {
    await mails(WEEK, 'sent', 50, new Date('2026-01-04T10:00:00Z'));
    ctx.setNow('2026-01-15T12:00:00Z');
    await mails(WEEK, 'failed', 50);
    expect(await needs()).toEqual([`50 of 100 of ${WEEK}`]);
    expect(await mailed()).toEqual([`edition:${WEEK}:failing`]);
  });

  it('when welcomes fail that were first made years ago, then no edition of now is told for them', async () => {
    await mails('welcome:1', 'failed', 50, new Date('2025-01-04T20:00:00Z'));
    expect([await needs(), await mailed()]).toEqual([[], []]);
  });

  it('when an edition is cancelled after many failed, then it needs nobody: nothing can be done', async () => {
    await mails(DAY, 'failed', 20);
    await mails(DAY, 'planned', 5);
    expect(await needs()).toEqual([`20 of 25 of ${DAY}`]);
    await cancelEdition(ctx, DAY, 'cli');
    expect([await needs(), await mailed()]).toEqual([[], []]);
  });
});

describe('leaving it', () => {
  const open = async () => {
    const { cookie, csrf } = await admin.signIn();
    const page = async (language: string) =>
      (await fetch(`${admin.base}/admin/editions/${DAY}`, { headers: { cookie, 'accept-language': language } })).text();
    const press = async (action: string, only = '') => {
      const answer = await admin.post(`/admin/editions/${DAY}`, { csrf, action, only }, cookie);
      return decodeURIComponent(answer.headers.get('location') ?? '').replaceAll('+', ' ');
    };
    return { page, press };
  };
  const suppressAll = async () => {
    await asFixture(ctx.db, "UPDATE deliveries SET address_hash = sha256('x') WHERE kind = 'newsletter'");
    await asFixture(ctx.db, "INSERT INTO suppressions (address_hash, reason, at) VALUES (sha256('x'), 'hard', now())");
  };

  it('when all who bounced are suppressed, then none is sent again, and to leave it ends it, until as many more bounce', async () => {
    await mails(DAY, 'sent', 92);
    await mails(DAY, 'bounced', 8);
    await suppressAll();
    const { page, press } = await open();
    expect(await press('resend', 'bounced')).toContain('There is nobody to send it to again.');
    expect(await page('en')).toContain('Many mails did not arrive');
    expect(await page('de')).toContain('Viele Mails kamen nicht an');
    expect(await press('leave-failed')).toContain('Left as they are: 8.');
    expect(await page('en')).not.toContain('Many mails did not arrive');
    expect([await needs(), await mailed()]).toEqual([[], []]);
    expect(await ctx.db.auditEntry.findMany({ where: { action: { startsWith: 'edition.' } } })).toMatchObject([
      { action: 'edition.leave-failed', subject: DAY, detail: { failed: 0, bounced: 8 } },
    ]);
    await mails(DAY, 'failed', 3);
    expect(await needs()).toEqual([]);
    await mails(DAY, 'bounced', 3);
    expect(await needs()).toEqual([`14 of 106 of ${DAY}`]);
  });

  it('when what failed is left, then of what is uncertain somebody is asked still', async () => {
    await mails(DAY, 'failed', 10);
    await mails(DAY, 'uncertain', 10);
    await (await open()).press('leave-failed');
    expect((await lookAtToday(ctx, null)).needs.map(({ kind }) => kind)).toEqual(['uncertain']);
    await resend(ctx, { edition: DAY, only: 'uncertain' }, 'cli');
    expect(await needs()).toEqual([]);
  });

  it.each(['failed', 'missed'] as const)(
    'when what was left stays and %s mails are sent again, then nobody is asked about the rest',
    async (only) => {
      await mails(DAY, 'sent', 80);
      await mails(DAY, 'bounced', 8);
      await suppressAll();
      await mails(DAY, 'failed', 2);
      await (await open()).press('leave-failed');
      await resend(ctx, { edition: DAY, only }, 'cli');
      expect(await needs()).toEqual([]);
    },
  );

  it('when mails that were left are sent again after all and fail anew, then they need somebody again', async () => {
    await mails(DAY, 'failed', 10);
    await (await open()).press('leave-failed');
    expect((await resend(ctx, { edition: DAY, only: 'failed' }, 'cli')).again).toBe(10);
    await asFixture(ctx.db, "UPDATE deliveries SET state = 'failed', end_reason = 'used_up', finished_at = $1", [
      ctx.now(),
    ]);
    expect(await needs()).toEqual([`10 of 10 of ${DAY}`]);
  });
});
