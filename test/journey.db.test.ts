import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFileSync } from 'node:fs';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer } from 'smtp-server';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { makeSignInLink } from '../src/operate/make-sign-in-link.ts';
import type { JobName } from '../src/context.ts';
import { freePort } from '../src/db/embedded/postmaster.ts';
import { ingestInputs } from '../src/ingest/run-ingest.ts';
import { jobs, runJob } from '../src/jobs.ts';
import { createHttpApp } from '../src/http/app.ts';
import { testContext, type TestContext } from './support/context.ts';
import { testDatabase } from './support/database.ts';
import { sharedPath } from './support/shared.ts';

const database = testDatabase();
const first = sharedPath('seeds', '000_1199779785982c73.txt');
const second = sharedPath('seeds', '003_95dc28532c605dcc.txt');
const truth = sharedPath('seeds', 'seeds-truth.json');

/** A real mail server that keeps what it takes. */
async function startReceiver(): Promise<{ url: string; mails: Email[]; stop: () => Promise<void> }> {
  const mails: Email[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    onData(stream, _session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        PostalMime.parse(Buffer.concat(chunks)).then((mail) => {
          mails.push(mail);
          done();
        }, done);
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    mails,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function header(mail: Email, name: string): string {
  return mail.headers.find(({ key }) => key === name.toLowerCase())?.value ?? '';
}

function linkIn(mail: Email, path: string): string {
  const found = new RegExp(`http://localhost:\\d+/${path}/[\\w.-]+`).exec(mail.text ?? '');
  if (!found) throw new Error(`no /${path}/ link in «${mail.subject}»:\n${mail.text}`);
  return found[0];
}

describe.skipIf(!first || !second || !truth)('the journey of a reader', () => {
  let receiver: Awaited<ReturnType<typeof startReceiver>>;
  let ctx: TestContext;
  let web: Server;
  let base: string;

  beforeAll(async () => {
    receiver = await startReceiver();
    const port = await freePort();
    base = `http://localhost:${port}`;
    ctx = await testContext(database, {
      SMTP_URL: receiver.url,
      PUBLIC_URL: base,
      CONTENT_DAYS: '30',
      SMTP_TIMEOUT_SECONDS: '5',
    });
    web = createServer(createHttpApp(ctx));
    await new Promise<void>((resolve) => web.listen(port, resolve));
  });
  afterAll(async () => {
    await new Promise((resolve) => web.close(resolve));
    await receiver.stop();
  });
  afterEach(() => {
    receiver.mails.length = 0;
  });

  async function run(...names: JobName[]): Promise<void> {
    for (const job of jobs) if (names.includes(job.name)) await runJob(ctx, job);
  }

  const post = (url: string, body: Record<string, string>) =>
    fetch(url, { method: 'POST', body: new URLSearchParams(body), redirect: 'manual' });

  test('when somebody signs up, confirms, reads and leaves, then each step does what it says and no more', async () => {
    ctx.setNow('2025-12-30T10:00:00Z');
    const signedUp = await post(`${base}/subscribe`, {
      email: 'Ada.Lovelace@Example.org',
      interests: 'state space models\nvision mamba',
      muted: 'medical',
      cadence: 'daily',
      hour: '8',
      timeZone: 'Europe/Berlin',
      maxPapers: '50',
    });
    expect(signedUp.status).toBe(202);
    expect(receiver.mails).toEqual([]); // never in the request

    await run('deliver');
    expect(receiver.mails).toHaveLength(1);
    const confirmation = receiver.mails[0] as Email;
    expect(confirmation.to?.[0]?.address).toBe('ada.lovelace@example.org');
    expect(confirmation.text).not.toMatch(/state space|mamba/i);
    expect(header(confirmation, 'List-Unsubscribe')).toBe('');
    const confirmUrl = linkIn(confirmation, 'confirm');
    expect((await fetch(confirmUrl)).status).toBe(200);
    expect((await database.db.subscriber.findFirstOrThrow()).status).toBe('pending'); // GET changes nothing
    expect((await post(confirmUrl, { latest: 'no' })).status).toBe(200);
    expect((await database.db.subscriber.findFirstOrThrow()).status).toBe('confirmed');

    receiver.mails.length = 0;
    ctx.setNow('2025-12-31T06:00:00Z');
    await ingestInputs(ctx, [first as string, second as string], { source: 'seeds' });
    await run('match', 'plan', 'deliver');
    expect(receiver.mails).toEqual([]); // it is seven in Berlin

    ctx.setNow('2025-12-31T07:00:30Z');
    await run('plan', 'deliver');
    expect(receiver.mails).toHaveLength(1);
    const newsletter = receiver.mails[0] as Email;
    const titles = titlesIn(newsletter);
    expect(titles.length).toBeGreaterThanOrEqual(20);
    expect(new Set(titles).size).toBe(titles.length); // the 11 shared papers are one paper each
    expect(titles).toContain(
      'Vision Mamba: Efficient Visual Representation Learning with Bidirectional State Space Model',
    );
    expect(titles.filter((title) => /medical/i.test(title))).toEqual([]);
    expect(newsletter.text).toMatch(/state space models/i);
    expect(header(newsletter, 'List-Unsubscribe-Post')).toBe('List-Unsubscribe=One-Click');

    await run('ingest', 'match', 'plan', 'deliver');
    ctx.setNow('2026-01-01T07:00:30Z');
    await run('match', 'plan', 'deliver');
    const later = receiver.mails.slice(1).flatMap(titlesIn);
    expect(later.filter((title) => titles.includes(title))).toEqual([]);

    const unsubscribeUrl = /<(https?:[^>]+)>/.exec(header(newsletter, 'List-Unsubscribe'))?.[1] ?? '';
    expect((await fetch(unsubscribeUrl)).status).toBe(200);
    expect((await database.db.subscriber.findFirstOrThrow()).status).toBe('confirmed');
    const oneClick = await post(unsubscribeUrl, { 'List-Unsubscribe': 'One-Click' });
    expect([oneClick.status, oneClick.headers.get('set-cookie')]).toEqual([200, null]);
    expect((await database.db.subscriber.findFirstOrThrow()).status).toBe('unsubscribed');

    receiver.mails.length = 0;
    await database.db.newsletter.deleteMany({}).catch(() => {});
    ctx.setNow('2026-01-02T07:00:30Z');
    await run('match', 'plan', 'deliver', 'housekeeping');
    expect(receiver.mails).toEqual([]);
  }, 90_000);

  test('when somebody with no interest confirms, then the welcome newsletter is the newest list by trend, at once', async () => {
    ctx.setNow('2026-01-03T10:00:00Z');
    await post(`${base}/subscribe`, { email: 'grace@example.org' });
    await run('deliver');
    const confirmUrl = linkIn(receiver.mails[0] as Email, 'confirm');
    await post(confirmUrl, {});
    receiver.mails.length = 0;
    await run('match', 'plan', 'deliver');
    expect(receiver.mails).toHaveLength(1);
    expect(titlesIn(receiver.mails[0] as Email)).toHaveLength(10);
  }, 60_000);

  test("when the admin opens a reader's unsubscribe link from the list and presses, then the audit names the admin and the next run sends that reader nothing", async () => {
    ctx.setNow('2026-01-04T10:00:00Z');
    await database.db.$executeRaw`TRUNCATE subscribers, newsletters, deliveries RESTART IDENTITY CASCADE`;
    for (const email of ['kept@example.org', 'gone@example.org']) {
      await post(`${base}/subscribe`, { email });
      receiver.mails.length = 0;
      await run('deliver');
      await post(linkIn(receiver.mails[0] as Email, 'confirm'), { latest: 'no' });
    }
    receiver.mails.length = 0;

    const signInUrl = await makeSignInLink(ctx, 'editor@example.org', 'cli');
    const cookie = ((await post(signInUrl, {})).headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    const list = await (await fetch(`${base}/admin/subscribers?q=gone`, { headers: { cookie } })).text();
    const link = /href="(\/unsubscribe\/[^"]+)"/.exec(list)?.[1] ?? '';
    const headers = { cookie };
    expect((await fetch(base + link, { headers })).status).toBe(200);
    const body = new URLSearchParams({ action: 'unsubscribe' }); // the one button of the page
    const pressed = await fetch(base + link, { method: 'POST', headers, body });
    expect(pressed.status).toBe(200);

    const gone = await database.db.subscriber.findUniqueOrThrow({ where: { email: 'gone@example.org' } });
    expect(gone.status).toBe('unsubscribed');
    const act = await database.db.auditEntry.findFirstOrThrow({
      where: { action: 'unsubscribe', subject: gone.publicId },
    });
    expect(act.actor).toBe('admin:editor@example.org');

    ctx.setNow('2026-01-05T08:00:30Z');
    await run('match', 'plan', 'deliver');
    expect(receiver.mails.map((mail) => mail.to?.[0]?.address)).toEqual(['kept@example.org']);
  }, 60_000);

  function titlesIn(mail: Email): string[] {
    const known = JSON.parse(readFileSync(truth as string, 'utf8')) as { digests: { entries: { title: string }[] }[] };
    const all = [...new Set(known.digests.flatMap(({ entries }) => entries.map(({ title }) => title)))];
    const flat = (text: string) => text.replace(/\s+/g, ' ');
    const text = flat(mail.text ?? '').split('Also trending')[0] ?? '';
    return all.filter((title) => text.includes(flat(title)));
  }
});
