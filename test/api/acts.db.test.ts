import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ensureAdmin } from '../../src/db/operator/admins.ts';
import { changeRole } from '../../src/operate/change-role.ts';
import { runErrands } from '../../src/operate/errands/run-errands.ts';
import { beginOnReaders } from '../../src/operate/errands/on-readers.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { asFixture } from '../support/wall.ts';
import { planMail } from '../world/mails.ts';
import { makeReader } from '../world/readers.ts';
import { apiServer, tokenWith, type ApiServer } from './api-server.ts';

const database = testDatabase();
let ctx: TestContext;
let api: ApiServer;
let token: string;

beforeAll(async () => {
  ctx = await testContext(database);
  api = await apiServer(ctx);
  token = await tokenWith(ctx, '*:write');
});
afterAll(() => api.close());
beforeEach(() => ctx.db.$executeRaw`CALL empty_tables('subscribers, errands, editions, deliveries')`);

const post = (path: string, body?: unknown, headers = {}) => api.ask('POST', path, { token, body, headers });
const undo = (id: bigint | string, headers = {}) => post(`/acts/${id}/undo`, undefined, headers);
const lastAct = async (action: string) =>
  (await ctx.db.auditEntry.findFirstOrThrow({ where: { action }, orderBy: { id: 'desc' } })).id;
const pausedAct = async (publicId: string) => {
  await post(`/subscribers/${publicId}/pause`, { until: '2026-02-01T00:00:00Z' });
  return lastAct('pause');
};

describe('taking an act back', () => {
  it('when nothing newer stands on it, then it is taken back, once for a key however often that is asked', async () => {
    const { id, publicId } = await makeReader(ctx.db, ctx.now());
    const act = await pausedAct(publicId);
    const key = { 'Idempotency-Key': 'undo-1' };
    const [first, again] = [await undo(act, key), await undo(act, key)];
    expect([first.status, first.body['outcome'], first.body['act']]).toEqual([200, 'taken-back', String(act)]);
    expect([again.status, again.text]).toEqual([first.status, first.text]);
    expect((await ctx.db.subscriber.findUniqueOrThrow({ where: { id } })).pausedUntil).toBeNull();
    expect(await undo(act)).toMatchObject({ status: 409 });
  });

  it('when something newer stands on it, then the problem names that', async () => {
    const { publicId } = await makeReader(ctx.db, ctx.now());
    const act = await pausedAct(publicId);
    await post(`/subscribers/${publicId}/unsubscribe`);
    const newer = await lastAct('unsubscribe');
    const told = await undo(act);
    expect([told.status, told.headers.get('content-type')]).toEqual([409, expect.stringContaining('problem+json')]);
    expect(told.body['detail']).toContain(`act ${newer} (unsubscribe ${publicId}) stands on it`);
  });

  it('when there is none, it is a role, or the token may not, then nothing is done', async () => {
    expect((await undo('999999999')).status).toBe(404);
    expect((await undo('nonsense')).status).toBe(404);
    await ensureAdmin(ctx.db, { email: 'eve@example.org', role: 'viewer', now: ctx.now() });
    await changeRole(ctx, { email: 'eve@example.org', role: 'editor' }, 'cli');
    expect((await undo(await lastAct('admin.role'))).status).toBe(403);
    expect(await ctx.db.admin.findUniqueOrThrow({ where: { email: 'eve@example.org' } })).toMatchObject({
      role: 'editor',
    });
    const reading = await tokenWith(ctx, 'acts:read');
    expect((await api.ask('POST', '/acts/1/undo', { token: reading })).status).toBe(403);
  });

  it('when it was done to many, then an errand takes it back, and says how far it is', async () => {
    for (let n = 0; n < 2; n++) await makeReader(ctx.db, ctx.now());
    const until = '2026-02-01T00:00:00.000Z';
    await beginOnReaders(ctx, { act: 'pause', filter: { state: 'confirmed' }, until }, 'cli');
    await runErrands(ctx, 'errands');
    const told = await undo(await lastAct('readers.pause'));
    expect([told.status, told.body['outcome']]).toEqual([202, 'job']);
    await runErrands(ctx, 'errands');
    const { body } = await api.ask('GET', (told.headers.get('location') ?? '').replace('/api/v1', ''), { token });
    expect(body).toMatchObject({ kind: 'undo.readers.pause', state: 'done', done: 2 });
    expect(await ctx.db.subscriber.count({ where: { pausedUntil: null } })).toBe(2);
  });
});

it('when mails of an edition are to be sent again, then an errand does it and says what it did', async () => {
  const { id, email } = await makeReader(ctx.db, ctx.now());
  await planMail(ctx.db, { subscriberId: id, email, edition: 'daily:2026-01-05' });
  await asFixture(ctx.db, "UPDATE deliveries SET state = 'failed', end_reason = 'refused', finished_at = $1", [
    ctx.now(),
  ]);
  const told = await post('/editions/daily:2026-01-05/resend', { only: 'failed' });
  expect([told.status, told.body['state']]).toEqual([202, 'waiting']);
  expect(ctx.woken).toContain('resends');
  await runErrands(ctx, 'resends');
  const { body } = await api.ask('GET', `/errands/${String(told.body['id'])}`, { token });
  expect(body).toMatchObject({ kind: 'edition.resend', state: 'done', done: 1, counts: { again: 1 } });
  expect((await api.ask('GET', '/errands', { token })).body['items']).toEqual([body]);
});

it('when an edition was cancelled, then nothing of it is sent again, nor is that foreseen', async () => {
  await ctx.db.edition.create({ data: { key: 'daily:2026-01-05', state: 'cancelled', createdAt: ctx.now() } });
  for (const dryRun of [true, false]) {
    const told = await post('/editions/daily:2026-01-05/resend', { only: 'failed', dryRun });
    expect([told.status, told.body['detail']]).toEqual([409, expect.stringContaining('cancelled for good')]);
  }
  expect(await ctx.db.errand.count()).toBe(0);
});

it.each(['daily:2026-1-5', 'daily:2026-02-30', 'daily:foo', 'weekly:2026-W54'])(
  'when %s, which no calendar has, is to be sent again, then there is no such edition and no reader is set aside',
  async (key) => {
    const { id } = await makeReader(ctx.db, ctx.now());
    const told = await post(`/editions/${key}/resend`, { only: 'missed' });
    await runErrands(ctx, 'resends');
    expect(await ctx.db.subscriber.findUniqueOrThrow({ where: { id } })).toMatchObject({ planningProblem: null });
    expect(told.status).toBe(404);
    expect(await ctx.db.errand.count()).toBe(0);
    expect((await api.ask('GET', `/why?email=ada%40example.org&edition=${key}`, { token })).status).toBe(422);
  },
);
