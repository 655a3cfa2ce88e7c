import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { takeBack } from '../../src/operate/take-back.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { cameBack, letterMail, mailSent } from '../world/came-back.ts';
import { bounceMail, complaintMail } from '../world/feedback-mails.ts';
import { clearLedger } from '../world/ledger.ts';
import { makeReader } from '../world/readers.ts';
import { adminServer, type AdminServer } from './admin-server.ts';

const database = testDatabase();
const SENT = new Date('2026-01-05T08:00:00Z');
let ctx: TestContext;
let server: AdminServer;
let owner: { cookie: string; csrf: string };
let viewer: { cookie: string; csrf: string };

beforeAll(async () => {
  ctx = await testContext(database, { BOUNCE_DOMAIN: 'bounces.example.org' });
  server = await adminServer(ctx);
  owner = await server.signIn();
  viewer = await server.signIn('vera@example.org', {}, 'viewer');
  await ctx.db.adminSession.updateMany({ data: { expiresAt: new Date('2026-03-01T00:00:00Z') } });
});
afterAll(() => server.close());
beforeEach(async () => {
  await clearLedger(database.db);
  ctx.setNow('2026-01-05T12:00:00Z');
});

const see = async (path: string, { cookie } = owner) => {
  const answer = await server.get(`/admin${path}`, cookie);
  expect([path, answer.status]).toEqual([path, 200]);
  return (await answer.text()).replaceAll('&#x3D;', '=');
};
const send = async (path: string, fields: Record<string, string>) => {
  const answer = await server.post(`/admin${path}`, { csrf: owner.csrf, ...fields }, owner.cookie);
  return decodeURIComponent(answer.headers.get('location') ?? '');
};
const reader = (email = 'ada@example.org') => makeReader(database.db, SENT, { email });
const eventIds = async () =>
  (await database.db.feedbackEvent.findMany({ orderBy: { id: 'asc' } })).map(({ publicId }) => publicId);
const standing = () => database.db.addressStanding.findFirst();
const suppression = async () => (await database.db.suppression.findFirst())?.reason ?? null;
const effects = async () =>
  (await database.db.feedbackEvent.findMany({ orderBy: { id: 'asc' } })).map(({ effect }) => effect);
const correction = () =>
  database.db.auditEntry.findFirstOrThrow({ where: { action: 'feedback.correct' }, orderBy: { id: 'desc' } });

describe('the list', () => {
  it('when it is narrowed, then only what was asked for is there; a viewer sees no address, and the file holds all', async () => {
    const ada = await reader();
    await cameBack(ctx, bounceMail(ada.email, '5.1.1'), await mailSent(ctx, ada, SENT));
    await cameBack(ctx, bounceMail('stranger@elsewhere.example', '4.2.2'));
    const all = await see('/feedback');
    expect(all).toContain('nobody lives there');
    expect(all).toContain('stranger@elsewhere.example');
    const unplaced = await see('/feedback?effect=unplaced');
    expect(unplaced).toContain('stranger@elsewhere.example');
    expect(unplaced).not.toContain('nobody lives there');
    for (const [query, n] of [
      ['kind=hard', 1],
      ['door=smtp', 2],
      ['door=session', 0],
      ['destination=Elsewhere.example', 1],
      ['email=Ada@example.org', 1],
      ['email=stranger@elsewhere.example', 1],
    ] as const) {
      const found = (await see(`/feedback?${query}`)).match(/href="\/admin\/feedback\/[\da-f-]{36}"/g) ?? [];
      expect([query, found.length]).toEqual([query, n]);
    }
    expect(await see('/feedback', viewer)).not.toContain('ada@example.org');
    const csv = await see('/feedback?format=csv');
    expect(csv.trim().split('\n')).toHaveLength(3);
  });
});

describe('one event', () => {
  it('when it is opened, then it says what it is, by which line, rule and source, whose it is, and shows the report', async () => {
    const ada = await reader();
    const words = '5.1.1 <script>alert(1)</script> no such user';
    await cameBack(ctx, bounceMail(ada.email, '5.1.1', { words }), await mailSent(ctx, ada, SENT));
    const [id = ''] = await eventIds();
    const page = await see(`/feedback/${id}`);
    for (const said of [
      'Refused for good: nobody lives there.',
      'Nothing more is sent to this address.',
      '<code>no-such-user</code>',
      'RFC 5321 4.2.3',
      'Nothing to do: nobody lives there.',
      `href="/admin/subscribers/${ada.publicId}"`,
      'Nothing is held against the address.',
      'Nothing is sent there: refused for good by its server (refused as unknown on 2026-01-05, before it took any mail).',
      'Final-Recipient: rfc822; ada@example.org',
      '&lt;script&gt;alert(1)',
    ])
      expect(page).toContain(said);
    expect(page).not.toContain('<script>alert(1)');
    const raw = await server.get(`/admin/feedback/${id}/report.eml`, owner.cookie);
    expect(raw.headers.get('content-disposition')).toContain('attachment');
    expect(await raw.text()).toContain('\r\nSubject: Undelivered Mail Returned to Sender\r\n');
    const seen = await see(`/feedback/${id}`, viewer);
    expect(seen).not.toContain('Final-Recipient');
    expect(seen).not.toContain('This is wrong');
    expect((await server.get(`/admin/feedback/${id}/report.eml`, viewer.cookie)).status).toBe(403);
    expect((await server.get('/admin/feedback/nonsense', owner.cookie)).status).toBe(404);
  });

  it('when it is corrected, then its change is taken back, it counts never again, and the correction can be taken back', async () => {
    const ada = await reader();
    const delivery = await mailSent(ctx, ada, SENT);
    await cameBack(ctx, bounceMail(ada.email, '5.1.1'), delivery);
    const [id = ''] = await eventIds();
    expect(await send(`/feedback/${id}`, { kind: 'auto-reply' })).toContain('what it had changed is taken back');
    expect([await suppression(), await effects()]).toEqual([null, ['undone']]);
    await cameBack(ctx, `${bounceMail(ada.email, '5.1.1')}\n`, delivery);
    expect([await suppression(), await effects()]).toEqual([null, ['undone']]);
    expect(await see(`/feedback/${id}`)).toContain('An operator says that it is: auto-reply.');
    expect(await send(`/feedback/${id}`, { kind: 'auto-reply' })).toContain('taken for already');
    expect(await send(`/feedback/${id}`, { kind: 'nonsense' })).toContain('Expected one of the kinds');
    const act = await correction();
    expect(act).toMatchObject({
      ...{ actor: 'admin:ada@example.org', subject: `event:${id}`, detail: { taken: 'hard' } },
      before: { corrected: null, effect: 'suppressed' },
      after: { corrected: 'auto-reply', effect: 'undone' },
    });
    expect(await see(`/audit/${act.id}`)).toContain(`/admin/feedback/${id}`);
    expect(await takeBack(ctx, act.id, 'cli')).toMatchObject({ outcome: 'taken-back' });
    expect([await suppression(), await effects()]).toEqual(['hard', ['suppressed']]);
  });

  it('when others came after it, then these are weighed as if it had never been', async () => {
    const ada = await reader();
    const days = ['2026-01-05', '2026-01-06', '2026-01-07'];
    for (const day of days) {
      ctx.setNow(`${day}T12:00:00Z`);
      const delivery = await mailSent(ctx, ada, new Date(`${day}T08:00:00Z`));
      await cameBack(ctx, bounceMail(ada.email, '4.2.2', { words: `4.2.2 full on ${day}` }), delivery);
    }
    expect(await standing()).toMatchObject({ halfPoints: 3 });
    const [, second = ''] = await eventIds();
    await send(`/feedback/${second}`, { kind: 'auto-reply' });
    expect(await standing()).toMatchObject({ halfPoints: 2 });
    expect(await effects()).toEqual(['half-point', 'undone', 'half-point']);
    await takeBack(ctx, (await correction()).id, 'cli');
    expect(await standing()).toMatchObject({ halfPoints: 3 });
    expect(await effects()).toEqual(['half-point', 'half-point', 'half-point']);
  });

  it('when a complaint is corrected, then the reader reads again; where an operator acted since, then that stands', async () => {
    const ada = await reader();
    const delivery = await mailSent(ctx, ada, SENT);
    await cameBack(ctx, complaintMail(ada.email, `<${delivery.replaceAll('-', '')}@digest.example.org>`));
    const [id = ''] = await eventIds();
    expect(await database.db.subscriber.findFirst()).toMatchObject({ status: 'unsubscribed' });
    await send(`/feedback/${id}`, { kind: 'reply' });
    expect(await database.db.subscriber.findFirst()).toMatchObject({ status: 'confirmed' });
    expect(await suppression()).toBeNull();

    const grace = await reader('grace@example.org');
    await cameBack(ctx, bounceMail(grace.email, '5.1.1'), await mailSent(ctx, grace, SENT));
    await database.db.suppression.updateMany({ data: { reason: 'manual', note: 'by hand' } });
    const [, other = ''] = await eventIds();
    expect(await send(`/feedback/${other}`, { kind: 'soft' })).toContain('What it changed stays');
    expect(await suppression()).toBe('manual');
  });
});

describe('the page of a reader', () => {
  it('when their address is in doubt or their mailbox full, then sentences say so until that is made good', async () => {
    const ada = await reader();
    const path = `/subscribers/${ada.publicId}`;
    expect(await see(path)).not.toContain('Their address');
    await mailSent(ctx, ada, new Date('2026-01-02T08:00:00Z'));
    await cameBack(ctx, bounceMail(ada.email, '5.1.1'), await mailSent(ctx, ada, SENT));
    await cameBack(ctx, bounceMail(ada.email, '4.2.2'), await mailSent(ctx, ada, SENT));
    const page = await see(path);
    expect(page).toContain(
      'In doubt since 5 Jan 2026: refused as unknown though it took mail before; next newsletter not before 8 Jan 2026.',
    );
    expect(page).toContain(
      'Its mailbox refused mail on one day, the last one 5 Jan 2026; after 10 nothing more is sent.',
    );
    expect(page).toContain('Refused for good: nobody lives there.');
    ctx.setNow('2026-01-09T12:00:00Z');
    expect(await see(path)).toContain('its next newsletter decides');
    await mailSent(ctx, ada, new Date('2026-01-09T08:00:00Z'), 'newsletter');
    ctx.setNow('2026-01-13T12:00:00Z');
    expect(await see(path)).not.toContain('Their address');
  });
});

describe('letters', () => {
  it('when people write, then their letters wait on Today and in a list until somebody says done, which can be taken back', async () => {
    await cameBack(ctx, letterMail('grace@example.org', 'About kelp', 'Dear all,\n\n<b>kelp</b> is fine.'));
    await cameBack(ctx, letterMail('mary@example.org', '', 'Why so many?'));
    expect(await see('')).toContain('2 letters wait.');
    const list = await see('/replies');
    expect(list).toContain('<option value="">those that wait</option>');
    expect(list).toContain('About kelp');
    expect(list).toContain('without a subject');
    const letter = await database.db.feedbackReport.findFirstOrThrow({ where: { subject: 'About kelp' } });
    const page = await see(`/replies/${letter.publicId}`);
    expect(page).toContain('&lt;b&gt;kelp&lt;/b&gt; is fine.');
    expect(page).toContain('href="mailto:grace@example.org?subject=Re%3A%20About%20kelp"');
    await send(`/replies/${letter.publicId}`, { action: 'done' });
    expect(await see('')).toContain('One letter waits.');
    expect(await see('/replies')).not.toContain('About kelp');
    expect(await see('/replies?state=done')).toContain('About kelp');
    const act = await database.db.auditEntry.findFirstOrThrow({ where: { action: 'letter.done' } });
    await takeBack(ctx, act.id, 'cli');
    expect(await see('')).toContain('2 letters wait.');
  });
});

describe('the weather', () => {
  const days = (rows: [string, string, string, string, number][]) =>
    database.db.destinationDay.createMany({
      data: rows.map(([day, destination, answer, about, n]) => ({ day: new Date(day), destination, answer, about, n })),
    });

  it('when destinations answered, then the largest stand first with bars and a table; one can be found; old days are left out', async () => {
    await days([
      ['2026-01-05', 'big.example', 'taken', '', 900],
      ['2026-01-05', 'big.example', 'put-off', '', 12],
      ['2026-01-04', 'big.example', 'refused', 'us', 9],
      ['2026-01-05', 'small.example', 'refused', '', 3],
      ['2025-12-06', 'old.example', 'taken', '', 5000],
    ]);
    const page = await see('/weather');
    expect(page.indexOf('big.example')).toBeLessThan(page.indexOf('small.example'));
    expect(page).toContain('900 taken, 12 put off, 9 refused (0.98%).');
    expect(page).toContain('refused: not known why');
    expect(page).toMatch(/<rect class="us" x="560" y="86"/);
    expect(page).not.toContain('old.example');
    const found = await see('/weather?find=Small');
    expect(found).toContain('small.example');
    expect(found).not.toContain('big.example');
    expect(await see('/weather?find=nowhere')).toContain('No domain with “nowhere”');
  });

  it('when words were never heard before, then they stand first, once however they differ in digits and addresses', async () => {
    for (const [n, email] of ['ada@one.example', 'bo@two.example', 'cy@one.example'].entries()) {
      const person = await reader(email);
      const words = `5.9.9 queue q${n}7: the moon hides <${email}>`;
      await cameBack(ctx, bounceMail(email, '5.9.9', { words }), await mailSent(ctx, person, SENT));
    }
    const page = await see('/weather');
    expect(page.match(/class="decided"/g)).toHaveLength(1);
    expect(page).toContain('3 times, by one.example and one more');
    expect(page).toContain('offprint replies explain');
    expect(page).not.toContain('cy@one.example');
    await database.db.feedbackEvent.updateMany({ data: { at: new Date('2025-12-06T11:00:00Z') } });
    expect(await see('/weather')).not.toContain('Refusals never heard before');
  });

  it('when a destination refuses whom it knows, then that stands on top with the next try', async () => {
    const at = new Date('2026-01-05T11:00:00Z');
    const probeAt = new Date('2026-01-05T13:00:00Z');
    const outage = { destination: 'big.example', beganAt: at, refusedAt: at, probeAt, byReport: false };
    await database.db.destinationOutage.create({ data: { ...outage, reply: '550 no such user ada@big.example' } });
    const page = await see('/weather');
    expect(page).toContain('big.example refuses readers that it knows as unknown');
    expect(page).not.toContain('ada@big.example');
  });
});
