import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { holdSending, letGo } from '../../src/db/sending/holds.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { asFixture } from '../support/wall.ts';
import { makeReader } from '../world/readers.ts';
import { apiServer, tokenWith, type ApiServer } from './api-server.ts';

const database = testDatabase();
let ctx: TestContext;
let api: ApiServer;
let all: string;

beforeAll(async () => {
  ctx = await testContext(database);
  api = await apiServer(ctx);
  all = await tokenWith(ctx, '*:write', 'addresses:read', 'subscribers:erase');
});
afterAll(() => api.close());
beforeEach(async () => {
  await database.db
    .$executeRaw`CALL empty_tables('subscribers, editions, deliveries, suppressions, api_answers, rate_limits')`;
  ctx.setNow('2026-01-05T12:00:00Z');
});

const reader = (change = {}) => makeReader(database.db, ctx.now(), change);

describe('a change of a reader', () => {
  test('when If-Match names the version that GET gave, then what is left out stays', async () => {
    const { publicId } = await reader({ wishes: ['protein folding', '-survey'], hour: 7 });
    const shown = await api.ask('GET', `/subscribers/${publicId}`, { token: all });
    const headers = { 'if-match': shown.headers.get('etag') ?? '' };
    const changed = await api.ask('PATCH', `/subscribers/${publicId}`, {
      ...{ token: all, headers, body: { cadence: 'weekly', weekday: 5 } },
    });
    expect(changed.status).toBe(200);
    expect(changed.body).toEqual({
      ...shown.body,
      cadence: 'weekly',
      weekday: 5,
      nextDueAt: expect.any(String) as string,
    });
    expect(changed.headers.get('etag')).not.toBe(headers['if-match']);
    const entry = await database.db.auditEntry.findFirstOrThrow({ where: { subject: publicId } });
    expect(entry.actor).toMatch(/^token:program-/);
  });

  test('when a proxy compresses answers, then it is asked to leave these alone, since it would change their ETag', async () => {
    const { publicId } = await reader();
    const { headers } = await api.ask('GET', `/subscribers/${publicId}`, { token: all });
    expect(headers.get('cache-control')).toBe('no-store, no-transform');
  });

  test('when somebody was faster, then it is refused with 412, and without If-Match with 428', async () => {
    const { publicId } = await reader();
    const first = await api.ask('GET', `/subscribers/${publicId}`, { token: all });
    const headers = { 'if-match': first.headers.get('etag') ?? '' };
    const path = `/subscribers/${publicId}`;
    const [one, two] = await Promise.all([
      api.ask('PATCH', path, { token: all, headers, body: { hour: 6 } }),
      api.ask('PATCH', path, { token: all, headers, body: { hour: 9 } }),
    ]);
    expect([one.status, two.status].sort()).toEqual([200, 412]);
    expect((await api.ask('PATCH', path, { token: all, body: { hour: 9 } })).status).toBe(428);
    const unchanged = await api.ask('GET', path, {
      token: all,
      headers: { 'if-none-match': one.headers.get('etag') ?? two.headers.get('etag') ?? '' },
    });
    expect([200, 304]).toContain(unchanged.status);
  });

  test('when interests are given, then they replace all, and each that cannot be used is named by its place', async () => {
    const { publicId } = await reader({ wishes: ['protein folding'] });
    const headers = { 'if-match': '*' };
    const interests = [
      { kind: 'words', text: 'graph neural networks' },
      { kind: 'author', text: 'Ada Lovelace' },
      { kind: 'words', text: 'survey', muted: true },
      { kind: 'like', text: 'arXiv:2401.00001' },
    ];
    const changed = await api.ask('PATCH', `/subscribers/${publicId}`, { token: all, headers, body: { interests } });
    expect(changed.status).toBe(200);
    const held = changed.body['interests'] as { kind: string; text: string; muted: boolean }[];
    expect(held.map(({ kind, muted }) => [kind, muted])).toEqual(
      expect.arrayContaining([
        ['words', false],
        ['author', false],
        ['words', true],
        ['like', false],
      ]),
    );
    // What GET told is taken back as it is.
    const same = await api.ask('PATCH', `/subscribers/${publicId}`, { token: all, headers, body: { interests: held } });
    expect([same.status, same.body['interests']]).toEqual([200, held]);
    const wrong = {
      interests: [
        { kind: 'words', text: 'fine' },
        { kind: 'topic', text: 'no-such-topic' },
      ],
    };
    const refused = await api.ask('PATCH', `/subscribers/${publicId}`, { token: all, headers, body: wrong });
    expect([refused.status, refused.body['errors']]).toEqual([
      422,
      [{ detail: expect.stringContaining('no-such-topic') as string, pointer: '#/interests/1' }],
    ]);
  });
});

describe('a sign-up', () => {
  const body = { email: 'Ada@Example.org', topics: [], interests: ['robot hands'] };

  test('when there is no evidence of consent, then the address is asked and the answer is 202', async () => {
    const told = await api.ask('POST', '/subscribers', { token: all, body });
    expect([told.status, told.body]).toMatchObject([
      202,
      { outcome: 'accepted', subscriber: { email: 'ada@example.org', status: 'pending' } },
    ]);
    expect(await database.db.delivery.count({ where: { kind: 'confirmation' } })).toBe(1);
  });

  test('when there is evidence, then they are confirmed; and again, then 409', async () => {
    const consent = { at: '2025-12-01T10:00:00Z', source: 'paper form' };
    const told = await api.ask('POST', '/subscribers', { token: all, body: { ...body, consent } });
    expect([told.status, told.body['status']]).toEqual([201, 'confirmed']);
    expect(told.headers.get('location')).toBe(`/api/v1/subscribers/${String(told.body['id'])}`);
    const again = await api.ask('POST', '/subscribers', { token: all, body: { ...body, consent } });
    expect([again.status, again.body['detail']]).toEqual([409, expect.stringContaining('already here')]);
  });

  test('when a part is unknown or cannot be used, then every one is named by a pointer', async () => {
    const wrong = { email: 'nobody', hour: 25, status: 'confirmed', interests: ['  '] };
    const told = await api.ask('POST', '/subscribers', { token: all, body: wrong });
    expect(told.headers.get('content-type')).toBe('application/problem+json');
    const pointers = (told.body['errors'] as { pointer: string }[]).map(({ pointer }) => pointer);
    expect([told.status, pointers.sort()]).toEqual([422, ['#/hour', '#/status']]);
    const second = await api.ask('POST', '/subscribers', { token: all, body: { email: 'nobody' } });
    expect(second.body['errors']).toEqual([{ pointer: '#/email', detail: expect.any(String) as string }]);
  });
});

describe('what could not be kept', () => {
  const like = ['arXiv:2401.00001\nhttps://example.org/some-page'];
  const told = [{ detail: expect.stringContaining('line 2 «https://example.org/some-page»') as string }];

  test('when some of the papers given as examples cannot be read, then each is named and nothing is done', async () => {
    const { publicId } = await reader();
    const interests = [
      { kind: 'words', text: 'robot hands' },
      { kind: 'like', text: like[0] },
    ];
    const headers = { 'if-match': '*' };
    const answers = [
      await api.ask('POST', '/subscribers', { token: all, body: { email: 'new@example.org', like } }),
      await api.ask('POST', '/preview', { token: all, body: { like } }),
      await api.ask('PATCH', `/subscribers/${publicId}`, { token: all, headers, body: { interests } }),
    ];
    const pointers = ['#/like', '#/like', '#/interests/1'];
    expect(answers.map(({ status, body }) => [status, body['errors']])).toEqual(
      pointers.map((pointer) => [422, [{ ...told[0], pointer }]]),
    );
    expect(await database.db.subscriber.count()).toBe(1);
  });

  test('when no mail is worded in a language, then it is refused; a region of one is taken', async () => {
    const { publicId } = await reader();
    const change = (language: string) =>
      api.ask('PATCH', `/subscribers/${publicId}`, { token: all, headers: { 'if-match': '*' }, body: { language } });
    const [taken, refused] = [await change('de-AT'), await change('fr')];
    expect([taken.status, taken.body['language']]).toEqual([200, 'de']);
    expect([refused.status, refused.body['errors']]).toEqual([
      422,
      [{ pointer: '#/language', detail: expect.stringContaining('de') as string }],
    ]);
    const body = { email: 'new@example.org', language: 'xx' };
    expect((await api.ask('POST', '/subscribers', { token: all, body })).status).toBe(422);
  });
});

describe('an Idempotency-Key', () => {
  const headers = { 'idempotency-key': 'abc-1' };
  const body = { email: 'ada@example.org', consent: { at: '2025-12-01T10:00:00Z', source: 'form' } };

  test('when a request is repeated, then status, headers and body are the same and nothing is done', async () => {
    const first = await api.ask('POST', '/subscribers', { token: all, headers, body });
    const again = await api.ask('POST', '/subscribers', { token: all, headers, body });
    expect([first.status, again.status, again.text]).toEqual([201, 201, first.text]);
    expect(again.headers.get('location')).toBe(first.headers.get('location'));
    expect([first.headers.get('idempotency-replayed'), again.headers.get('idempotency-replayed')]).toEqual([
      null,
      'true',
    ]);
    expect(await database.db.subscriber.count()).toBe(1);
  });

  test('when it names another request, then 422; while its request runs, then 409; after a day, then it is new', async () => {
    await api.ask('POST', '/subscribers', { token: all, headers, body });
    const other = await api.ask('POST', '/subscribers', {
      token: all,
      headers,
      body: { ...body, email: 'b@example.org' },
    });
    expect(other.status).toBe(422);
    await database.db.apiAnswer.updateMany({ data: { status: null, body: null } });
    const running = await api.ask('POST', '/subscribers', { token: all, headers, body });
    expect([running.status, running.headers.get('retry-after')]).toEqual([409, '2']);
    ctx.setNow('2026-01-06T12:00:01Z');
    const anew = await api.ask('POST', '/subscribers', { token: all, headers, body });
    expect([anew.status, anew.body['detail']]).toEqual([409, expect.stringContaining('already here')]);
  });

  test('when two ask at once, then one acts', async () => {
    const told = await Promise.all(
      Array.from({ length: 8 }, () => api.ask('POST', '/subscribers', { token: all, headers, body })),
    );
    expect(told.filter(({ status }) => status === 201).length).toBeGreaterThanOrEqual(1);
    expect(told.every(({ status }) => status === 201 || status === 409)).toBe(true);
    expect(new Set(told.filter(({ status }) => status === 201).map(({ text }) => text)).size).toBe(1);
  });

  test('when the person is erased, then the answers that tell of them are forgotten', async () => {
    const made = await api.ask('POST', '/subscribers', { token: all, headers, body });
    await api.ask('DELETE', `/subscribers/${String(made.body['id'])}`, { token: all });
    expect(await database.db.apiAnswer.count()).toBe(0);
  });
});

describe('addresses', () => {
  const SAID = '5.1.1 <ada.lovelace@example.org>: unknown';

  test('when a token may not see them, then they are masked wherever they stand', async () => {
    const blind = await tokenWith(ctx, '*:read');
    const { id, publicId, addressHash } = await reader({ email: 'ada.lovelace@example.org' });
    await database.db.suppression.create({
      data: {
        addressHash: Uint8Array.from(addressHash),
        reason: 'manual',
        note: 'said by bob@example.com',
        at: ctx.now(),
      },
    });
    await database.db.delivery.create({
      data: {
        ...{ kind: 'link', key: 'k', subscriberId: id, email: 'ada.lovelace@example.org', language: 'en', keyId: 1 },
        ...{ generation: 1, nextAttemptAt: ctx.now(), createdAt: ctx.now() },
        attempts: { create: { attempt: 1, worker: 'w', outcome: 'bounced', reply: `550 ${SAID}`, at: ctx.now() } },
      },
    });
    await asFixture(
      database.db,
      "UPDATE deliveries SET state = 'bounced', end_reason = 'refused', last_reply = $1, finished_at = now()",
      [SAID],
    );
    const delivery = await database.db.delivery.findFirstOrThrow();
    const paths = [
      '/subscribers',
      `/subscribers/${publicId}`,
      '/deliveries',
      `/deliveries/${delivery.publicId}`,
      '/suppressions',
      '/acts',
    ];
    for (const path of paths) {
      const [hidden, open] = [await api.ask('GET', path, { token: blind }), await api.ask('GET', path, { token: all })];
      expect([path, hidden.status, /lovelace|bob@/.test(hidden.text)]).toEqual([path, 200, false]);
      if (path !== '/acts') expect([path, /lovelace|bob@/.test(open.text)]).toEqual([path, true]);
    }
    expect((await api.ask('GET', '/subscribers?search=ada', { token: blind })).status).toBe(403);
    expect((await api.ask('GET', '/subscribers?search=ada', { token: all })).body['items']).toHaveLength(1);
    const tags = await Promise.all(
      [blind, all].map(async (token) =>
        (await api.ask('GET', `/subscribers/${publicId}`, { token })).headers.get('etag'),
      ),
    );
    expect(tags[0]).toBe(tags[1]);
  });

  test('when a token may not see them, then an ETag lets nobody try addresses until one fits', async () => {
    const { publicId } = await reader({ email: 'ada.lovelace@example.org' });
    const { text, headers } = await api.ask('GET', `/subscribers/${publicId}`, { token: all });
    const guessed = createHash('sha256').update(text).digest('base64url').slice(0, 22);
    expect(text).toContain('ada.lovelace@example.org');
    expect(headers.get('etag')).not.toBe(`"${guessed}"`);
  });

  test('when an act holds an odd character before an address, then the log is told all the same', async () => {
    const blind = await tokenWith(ctx, '*:read');
    const detail = { note: 'a\u0001ada.lovelace@example.org', 'by.name@example.org': ['\u001fbob@example.com'] };
    await database.db.auditEntry.create({ data: { at: ctx.now(), actor: 'cli', action: 'suppress', detail } });
    const told = await api.ask('GET', '/acts?action=suppress', { token: blind });
    expect([told.status, /lovelace|by\.name|bob/.test(told.text)]).toEqual([200, false]);
    expect(told.text).toContain('@example.com');
  });

  test('when a job failed by the words of a server, then addresses in them are masked', async () => {
    const blind = await tokenWith(ctx, '*:read');
    const failed = { job: 'plan', startedAt: ctx.now(), finishedAt: ctx.now(), outcome: 'failed' as const };
    const run = await database.db.run.create({ data: { ...failed, error: `550 ${SAID}` } });
    for (const path of ['/runs', `/runs/${run.id}`, '/jobs', '/jobs/plan'])
      for (const [token, sees] of [
        [all, true],
        [blind, false],
      ] as const) {
        const told = await api.ask('GET', path, { token });
        expect([path, told.status, told.text.includes('lovelace'), told.text.includes('5.1.1')]).toEqual([
          ...[path, 200, sees, true],
        ]);
      }
  });
});

describe('waking a job', () => {
  const wake = async (name: string) => (await api.ask('POST', `/jobs/${name}/wake`, { token: all })).status;

  test('when sending is on hold, then what rests is not said to run next', async () => {
    await holdSending(database.db, { kind: 'restored', reason: 'a test', snapshotAt: ctx.now() });
    expect([await wake('plan'), await wake('hooks'), await wake('ingest')]).toEqual([409, 409, 202]);
    await letGo(database.db);
    expect(await wake('plan')).toBe(202);
  });

  test('when no process takes backups, then none is promised; where another one does, it is', async () => {
    expect(await wake('backup')).toBe(409);
    const run = { job: 'backup', startedAt: ctx.now(), finishedAt: ctx.now(), outcome: 'done' as const };
    await database.db.run.create({ data: run });
    expect(await wake('backup')).toBe(202);
  });
});

describe('what a request may be', () => {
  test('when it cannot be read, then the status says why', async () => {
    const post = (init: object) => api.ask('POST', '/subscribers', { token: all, ...init });
    const statuses = [
      await post({ body: '{"email":' }),
      await post({ body: '{}', headers: { 'content-type': 'text/plain' } }),
      await post({ body: `{"email":"${'a'.repeat(1_200_000)}"}` }),
      await api.ask('PUT', '/subscribers', { token: all }),
      await api.ask('GET', '/nothing', { token: all }),
      await api.ask('GET', '/subscribers/%ZZ', { token: all }),
      await api.ask('GET', '/subscribers?limit=201', { token: all }),
      await api.ask('GET', '/subscribers?cursor=forged', { token: all }),
      await api.ask('GET', '/subscribers?order=email', { token: all }),
      await api.ask('GET', '/deliveries/not-a-uuid', { token: all }),
    ].map(({ status }) => status);
    expect(statuses).toEqual([400, 415, 413, 405, 404, 400, 422, 422, 422, 404]);
  });

  test('when a budget is used up, then 429 says when there is room, and the headers what is left', async () => {
    const token = await tokenWith(ctx, 'papers:read');
    const first = await api.ask('GET', '/topics', { token });
    expect(first.headers.get('ratelimit-policy')).toBe('"token";q=600;w=60');
    expect(first.headers.get('ratelimit')).toMatch(/^"token";r=599;t=\d+$/);
    await database.db.rateLimit.updateMany({ where: { key: { startsWith: 'api' } }, data: { points: 600 } });
    const over = await api.ask('GET', '/topics', { token });
    expect([over.status, Number(over.headers.get('retry-after')) > 0]).toEqual([429, true]);
  });
});
