import { createServer, type Server } from 'node:http';
import type { Email } from 'postal-mime';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { makeSignInLink } from '../src/operate/make-sign-in-link.ts';
import type { JobName } from '../src/model/job.ts';
import { freePort } from '../src/db/embedded/postmaster.ts';
import { ingestInputs } from '../src/ingest/run-ingest.ts';
import { jobs, runJob } from '../src/jobs.ts';
import { createHttpApp } from '../src/http/app.ts';
import { addDays } from '../src/lib/time.ts';
import { testContext, type TestContext } from './support/context.ts';
import { testDatabase } from './support/database.ts';
import { headerOf, linkIn, startReceiver, type Receiver } from './support/receiver.ts';
import { OWN_DIGESTS, realDigests } from './world/digest-files.ts';

describe.each([OWN_DIGESTS, ...realDigests()])('the journey of a reader through $name', (digests) => {
  const database = testDatabase();
  const on = (day: number, time: string) => `${addDays(digests.newestOn, day)}T${time}Z`;
  let receiver: Receiver;
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
      SMTP_TIMEOUT_SECONDS: '30',
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
    const interests = digests.interests.split('\n');
    ctx.setNow(on(-1, '10:00:00'));
    const signedUp = await post(`${base}/subscribe`, {
      email: 'Ada.Lovelace@Example.org',
      interests: digests.interests,
      muted: digests.muted,
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
    for (const interest of interests) expect(confirmation.text?.toLowerCase()).not.toContain(interest);
    expect(headerOf(confirmation, 'List-Unsubscribe')).toBe('');
    const confirmUrl = linkIn(confirmation, 'confirm');
    expect((await fetch(confirmUrl)).status).toBe(200);
    expect((await database.db.subscriber.findFirstOrThrow()).status).toBe('pending'); // GET changes nothing
    expect((await post(confirmUrl, { latest: 'no' })).status).toBe(200);
    expect((await database.db.subscriber.findFirstOrThrow()).status).toBe('confirmed');

    receiver.mails.length = 0;
    ctx.setNow(on(0, '06:00:00'));
    await ingestInputs(ctx, digests.files, { source: 'seeds' });
    await run('match', 'plan', 'deliver');
    expect(receiver.mails).toEqual([]); // it is seven in Berlin

    ctx.setNow(on(0, '07:00:30'));
    await run('plan', 'deliver');
    expect(receiver.mails).toHaveLength(1);
    const newsletter = receiver.mails[0] as Email;
    const titles = titlesIn(newsletter);
    expect(titles.length).toBeGreaterThanOrEqual(digests.atLeast);
    expect(new Set(titles).size).toBe(titles.length); // papers of two digests are one paper each
    expect(titles).toContain(digests.found);
    expect(digests.titles.some((title) => title.toLowerCase().includes(digests.muted))).toBe(true);
    expect(titles.filter((title) => title.toLowerCase().includes(digests.muted))).toEqual([]);
    expect(newsletter.text?.toLowerCase()).toContain(interests[0]);
    expect(headerOf(newsletter, 'List-Unsubscribe-Post')).toBe('List-Unsubscribe=One-Click');

    await run('ingest', 'match', 'plan', 'deliver');
    ctx.setNow(on(1, '07:00:30'));
    await run('match', 'plan', 'deliver');
    const later = receiver.mails.slice(1).flatMap(titlesIn);
    expect(later.filter((title) => titles.includes(title))).toEqual([]);

    const unsubscribeUrl = /<(https?:[^>]+)>/.exec(headerOf(newsletter, 'List-Unsubscribe'))?.[1] ?? '';
    expect((await fetch(unsubscribeUrl)).status).toBe(200);
    expect((await database.db.subscriber.findFirstOrThrow()).status).toBe('confirmed');
    const oneClick = await post(unsubscribeUrl, { 'List-Unsubscribe': 'One-Click' });
    expect([oneClick.status, oneClick.headers.get('set-cookie')]).toEqual([200, null]);
    expect((await database.db.subscriber.findFirstOrThrow()).status).toBe('unsubscribed');

    receiver.mails.length = 0;
    await database.db.newsletter.deleteMany({}).catch(() => {});
    ctx.setNow(on(2, '07:00:30'));
    await run('match', 'plan', 'deliver', 'housekeeping');
    expect(receiver.mails).toEqual([]);
  }, 90_000);

  test('when somebody with no interest confirms, then the welcome newsletter is the newest list by trend, at once', async () => {
    ctx.setNow(on(3, '10:00:00'));
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
    ctx.setNow(on(4, '10:00:00'));
    await database.db.$executeRaw`CALL empty_anew('subscribers, newsletters, deliveries')`;
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

    ctx.setNow(on(5, '08:00:30'));
    await run('match', 'plan', 'deliver');
    expect(receiver.mails.map((mail) => mail.to?.[0]?.address)).toEqual(['kept@example.org']);
  }, 60_000);

  function titlesIn(mail: Email): string[] {
    const flat = (text: string) => text.replace(/\s+/g, ' ');
    const text = flat(mail.text ?? '').split('Also trending')[0] ?? '';
    return digests.titles.filter((title) => text.includes(flat(title)));
  }
});
