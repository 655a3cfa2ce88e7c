import { createServer, type Server } from 'node:http';
import createClient, { type Client } from 'openapi-fetch';
import type { Email } from 'postal-mime';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { JobName } from '../../src/model/job.ts';
import { freePort } from '../../src/db/embedded/postmaster.ts';
import { createHttpApp } from '../../src/http/app.ts';
import { ingestInputs } from '../../src/ingest/run-ingest.ts';
import { jobs, runJob } from '../../src/jobs.ts';
import { addDays } from '../../src/lib/time.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { linkIn, startReceiver, type Receiver } from '../support/receiver.ts';
import { OWN_DIGESTS } from '../world/digest-files.ts';
import { tokenWith } from './api-server.ts';
import type { paths } from './generated/offprint-api.ts';

const database = testDatabase();
let ctx: TestContext;
let receiver: Receiver;
let web: Server;
let client: Client<paths>;

beforeAll(async () => {
  receiver = await startReceiver();
  const port = await freePort();
  const base = `http://localhost:${port}`;
  ctx = await testContext(database, { SMTP_URL: receiver.url, PUBLIC_URL: base, CONTENT_DAYS: '30' });
  web = createServer(createHttpApp(ctx));
  await new Promise<void>((resolve) => web.listen(port, resolve));
  ctx.setNow(`${addDays(OWN_DIGESTS.newestOn, -1)}T10:00:00Z`); // a token lasts for 90 days
  const token = await tokenWith(ctx, '*:write', 'addresses:read');
  client = createClient<paths>({ baseUrl: `${base}/api/v1`, headers: { authorization: `Bearer ${token}` } });
});
afterAll(async () => {
  await new Promise((resolve) => web.close(resolve));
  await receiver.stop();
});

async function run(...names: JobName[]): Promise<void> {
  for (const job of jobs) if (names.includes(job.name)) await runJob(ctx, job);
}

test('when a program signs somebody up, then it sees them confirm, get their newsletter, and leave', async () => {
  const on = (day: number, time: string) => `${addDays(OWN_DIGESTS.newestOn, day)}T${time}Z`;
  ctx.setNow(on(-1, '10:00:00'));
  const interests = OWN_DIGESTS.interests.split('\n');
  const preview = await client.POST('/preview', { body: { interests } });
  expect(preview.error).toBeUndefined();
  expect(preview.data).toEqual({ digestOn: null, papers: [], perhaps: [], considered: 0, more: 0 });
  const signedUp = await client.POST('/subscribers', {
    body: { email: 'Ada@Example.org', interests, hour: 8, timeZone: 'Europe/Berlin', maxPapers: 50 },
    params: { header: { 'Idempotency-Key': 'ada-1' } },
  });
  expect(signedUp.response.status).toBe(202);
  const asked = signedUp.data as { subscriber: { id: string; status: string } };
  expect(asked.subscriber.status).toBe('pending');
  const { id } = asked.subscriber;

  await run('deliver');
  const confirmUrl = linkIn(receiver.mails[0] as Email, 'confirm');
  await fetch(confirmUrl, { method: 'POST', body: new URLSearchParams({ latest: 'no' }) });
  const shown = await client.GET('/subscribers/{id}', { params: { path: { id } } });
  expect(shown.data).toMatchObject({ email: 'ada@example.org', status: 'confirmed', cadence: 'daily' });

  const changed = await client.PATCH('/subscribers/{id}', {
    params: { path: { id }, header: { 'If-Match': shown.response.headers.get('etag') ?? '' } },
    body: { hour: 7 },
  });
  expect(changed.data?.hour).toBe(7);

  ctx.setNow(on(0, '05:30:00'));
  await ingestInputs(ctx, OWN_DIGESTS.files, { source: 'seeds' });
  const digests = await client.GET('/digests', { params: { query: { source: 'seeds' } } });
  expect(digests.data?.items.length).toBeGreaterThan(0);
  const now = await client.POST('/preview', { body: { interests } });
  const titles = now.data?.papers.map(({ entry }) => entry.title) ?? [];
  expect(titles).toContain(OWN_DIGESTS.found);
  ctx.setNow(on(0, '06:00:30'));
  await run('match', 'plan', 'deliver');

  const edition = `daily:${OWN_DIGESTS.newestOn}`;
  const mails = await client.GET('/deliveries', { params: { query: { edition, email: 'ada@example.org' } } });
  const [mail] = mails.data?.items ?? [];
  expect(mail).toMatchObject({ kind: 'newsletter', state: 'sent', email: 'ada@example.org' });
  const detail = await client.GET('/deliveries/{id}', { params: { path: { id: mail?.id ?? '' } } });
  expect(detail.data?.tries.map(({ outcome }) => outcome)).toEqual(['sent']);
  expect(detail.data?.subscriber).toBe(id);
  const why = await client.GET('/why', { params: { query: { email: 'ada@example.org', edition } } });
  expect(why.data).toMatchObject({ reader: id, about: 'happened', stoppedAt: null });
  const sums = await client.GET('/editions/{key}', { params: { path: { key: edition } } });
  expect(sums.data?.counts).toEqual({ sent: 1 });

  const left = await client.POST('/subscribers/{id}/unsubscribe', { params: { path: { id } } });
  expect(left.data).toMatchObject({ outcome: 'unsubscribed' });
  const again = await client.POST('/subscribers/{id}/unsubscribe', { params: { path: { id } } });
  expect(again.data).toMatchObject({ outcome: 'already' });
  const acts = await client.GET('/acts', { params: { query: { subject: id } } });
  expect(acts.data?.items.map(({ action }) => action).reverse()).toEqual([
    ...['sign-up', 'confirm', 'change-preferences', 'unsubscribe'],
  ]);
}, 120_000);
