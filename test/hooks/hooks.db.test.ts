import { Readable } from 'node:stream';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { runHooks } from '../../src/hooks/run-hooks.ts';
import { MAX_TRIES, RETRY_MINUTES, type HookEvent } from '../../src/model/hook.ts';
import { addWebhook, replayWebhook, rotateWebhook, switchWebhookOn, testWebhook } from '../../src/operate/webhooks.ts';
import { importAtOnce } from '../../src/operate/errands/import-at-once.ts';
import { runErrands } from '../../src/operate/errands/run-errands.ts';
import { takeBack } from '../../src/operate/take-back.ts';
import { makeWay } from '../../src/subscribers/change-address.ts';
import { erase } from '../../src/subscribers/erase.ts';
import { pause } from '../../src/subscribers/pause.ts';
import { subscribe } from '../../src/subscribers/subscribe.ts';
import { undoUnsubscribe, unsubscribe } from '../../src/subscribers/unsubscribe.ts';
import { transaction } from '../../src/db/client.ts';
import { announce } from '../../src/hooks/announce.ts';
import { DEFAULT_SCHEDULE } from '../../src/model/subscriber.ts';
import { runCli } from '../support/cli.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { until } from '../support/until.ts';
import { makeReader } from '../world/readers.ts';
import { hookReceiver, type HookReceiver } from './hook-receiver.ts';

const database = testDatabase();
let ctx: TestContext;
let receiver: HookReceiver;
const START = '2026-01-05T12:00:00Z';

beforeAll(async () => {
  ctx = await testContext(database, { ALLOW_PRIVATE_WEBHOOKS: 'yes', ADMIN_EMAIL: 'op@example.org' });
});
beforeEach(async () => {
  await database.db.$executeRaw`CALL empty_tables('subscribers, deliveries, hook_endpoints, hook_messages')`;
  ctx.setNow(START);
  await receiver?.close();
  receiver = await hookReceiver();
});
afterAll(() => receiver.close());

const after = (minutes: number) => ctx.setNow(new Date(ctx.now().getTime() + minutes * 60_000));
const add = (events: string[] = [], url = receiver.url) => addWebhook(ctx, { url, events }, 'cli');
const told = () => receiver.received.map(({ body }) => JSON.parse(body) as { type: string; data: object });
const run = (timeoutMs = 10_000) => runHooks(ctx, { timeoutMs, mostMs: 600_000 }); // as long as a slow machine takes

describe('what is told', () => {
  test('when a reader goes all the way, then each step is told once, signed, by public id alone', async () => {
    const { secret } = await add();
    const { publicId } = await makeReader(database.db, ctx.now(), { email: 'ada@example.org' });
    await pause(ctx, { publicId }, new Date('2026-02-01T00:00:00Z'), { actor: 'cli' });
    await unsubscribe(ctx, { publicId }, { actor: 'cli' });
    await undoUnsubscribe(ctx, { publicId }, { actor: 'cli' });
    await erase(ctx, { email: 'ada@example.org' }, { actor: 'cli' });
    expect(ctx.woken).toContain('hooks');
    expect(await run()).toMatchObject({ delivered: 4, failed: 0 });
    expect(told().map(({ type, data }) => [type, data])).toEqual(
      ['changed', 'unsubscribed', 'confirmed', 'erased'].map((one) => [`subscriber.${one}`, { subscriber: publicId }]),
    );
    for (const { body, headers } of receiver.received) {
      expect(body).not.toContain('@');
      const signedAt = Number(headers['webhook-timestamp']) * 1_000;
      expect(new Date(signedAt).toISOString()).toBe('2026-01-05T12:00:00.000Z');
      expect(() => verifyAt(secret, signedAt, { body, headers })).not.toThrow();
      expect(() => verifyAt(secret, signedAt, { body: `${body} `, headers })).toThrow();
    }
    expect(await run()).toMatchObject({ delivered: 0 });
  });

  test('when people go with an import that is taken back, or give way to who moves, then that is told', async () => {
    await add(['subscriber.erased']);
    const file = Readable.from(['email\nivy@example.org\njon@example.org\n']);
    const { act } = await importAtOnce(ctx, file, { name: 'list.csv', map: new Map(), actor: 'cli' });
    const imported = await database.db.subscriber.findMany({ orderBy: { id: 'asc' } });
    await takeBack(ctx, act ?? 0n, 'cli');
    await runErrands(ctx, 'errands');
    const holder = await makeReader(database.db, ctx.now(), { email: 'taken@example.org', status: 'pending' });
    await transaction(database.db, (tx) => makeWay(ctx, tx, 'taken@example.org'));
    await run();
    const gone = told().map(({ data }) => (data as { subscriber: string }).subscriber);
    expect(gone).toEqual([...imported, holder].map(({ publicId }) => publicId));
  });

  test('when a change is rolled back, then nothing of it is told', async () => {
    await add();
    const failing = transaction(ctx.db, async (tx) => {
      await announce(ctx, tx, 'subscriber.changed', { subscriber: 'x' });
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await database.db.hookMessage.count()).toBe(0);
  });

  test('when an endpoint wants some events only, then it is told of these', async () => {
    await add(['subscriber.requested']);
    const preferences = { ...DEFAULT_SCHEDULE, maxPapers: 10, language: 'en' };
    const signUp = { email: 'new@example.org', wishes: [], preferences };
    await subscribe(ctx, signUp, { ip: null, userAgent: null });
    const reader = await database.db.subscriber.findFirstOrThrow();
    await unsubscribe(ctx, { publicId: reader.publicId }, { actor: 'cli' });
    await run();
    expect(told()).toMatchObject([{ type: 'subscriber.requested', data: { subscriber: reader.publicId } }]);
  });

  test('when an edition is over, then it is told once, with its sums', async () => {
    await add(['edition.finished']);
    await database.db.edition.create({ data: { key: 'daily:2026-01-04', createdAt: ctx.now() } });
    await run();
    expect(told()).toEqual([]); // in Honolulu it is still the fourth
    ctx.setNow('2026-01-06T00:00:01Z');
    await run();
    await run();
    expect(told()).toMatchObject([{ type: 'edition.finished', data: { edition: 'daily:2026-01-04', counts: {} } }]);
    await database.db.edition.deleteMany();
  });
});

/** The library asks the system's clock; the header is of the time that the test is in. */
function verifyAt(secret: string, at: number, { body, headers }: { body: string; headers: Record<string, string> }) {
  const { now } = Date;
  Date.now = () => at;
  try {
    return new Webhook(secret).verify(body, headers);
  } finally {
    Date.now = now;
  }
}

describe('a receiver that fails', () => {
  test('when it answers 500, then it is told again ten times in three days, the same under the same id, and then no more', async () => {
    const { endpoint } = await add();
    await testWebhook(ctx, endpoint.publicId, 'cli');
    receiver.answers.push(...Array.from({ length: 20 }, () => 500));
    for (const minutes of [...RETRY_MINUTES, 1_440, 1_440]) {
      await run();
      await run(); // not due: nothing is sent
      after(minutes);
    }
    expect(receiver.received).toHaveLength(MAX_TRIES);
    expect(new Set(receiver.received.map(({ body, headers }) => body + String(headers['webhook-id']))).size).toBe(1);
    const message = await database.db.hookMessage.findFirstOrThrow({ include: { log: true } });
    expect([message.state, message.tries, message.log.length]).toEqual(['failed', 10, 10]);
    expect(RETRY_MINUTES.reduce((sum, minutes) => sum + minutes, 0) / 60).toBeCloseTo(72, 0);
  });

  test('when it takes no more for five days, then it is switched off, and the operator is told once', async () => {
    const { endpoint } = await add();
    receiver.answers.push(...Array.from({ length: 40 }, () => 500));
    for (let day = 0; day <= 5; day++) {
      await testWebhook(ctx, endpoint.publicId, 'cli');
      await run();
      after(1_440);
    }
    const off = await database.db.hookEndpoint.findFirstOrThrow();
    expect(off.offBecause).toContain('it has failed since 2026-01-05T12:00:00.000Z');
    const alarms = await database.db.delivery.findMany({ where: { kind: 'alarm' } });
    expect(alarms.map(({ payload }) => payload)).toMatchObject([
      { subject: 'The webhook to 127.0.0.1:' + new URL(receiver.url).port + ' is off' },
    ]);
    const before = receiver.received.length;
    await testWebhook(ctx, endpoint.publicId, 'cli');
    await run();
    expect(receiver.received).toHaveLength(before);
    receiver.answers.length = 0;
    await switchWebhookOn(ctx, endpoint.publicId, 'cli');
    await run();
    expect(receiver.received.length).toBeGreaterThan(before);
  });

  test('when a message fails, then others of that reader wait for it, and those of other readers go on', async () => {
    await add(['subscriber.changed', 'subscriber.unsubscribed']);
    const [ada, bob] = [await makeReader(database.db, ctx.now()), await makeReader(database.db, ctx.now())];
    await pause(ctx, ada, new Date('2026-02-01T00:00:00Z'), { actor: 'cli' });
    receiver.answers.push(500, 500);
    await run();
    await unsubscribe(ctx, ada, { actor: 'cli' });
    await unsubscribe(ctx, bob, { actor: 'cli' });
    after(1);
    await run(); // its second try: five minutes until the third
    after(2);
    await run();
    const taken = (from: number) =>
      told()
        .slice(from)
        .map(({ type, data }) => [type, data]);
    expect(taken(2)).toEqual([['subscriber.unsubscribed', { subscriber: bob.publicId }]]);
    after(10);
    await run();
    expect(taken(3)).toEqual([
      ['subscriber.changed', { subscriber: ada.publicId }],
      ['subscriber.unsubscribed', { subscriber: ada.publicId }],
    ]);
  });

  test('when a message failed at the head of a long queue, then what came later of that reader stays behind it', async () => {
    await add(['subscriber.confirmed', 'subscriber.unsubscribed']);
    const tell = (event: HookEvent, ...subscribers: string[]) =>
      transaction(database.db, (tx) => announce(ctx, tx, event, ...subscribers.map((subscriber) => ({ subscriber }))));
    await tell('subscriber.confirmed', 'first', ...Array.from({ length: 199 }, (_, n) => `other-${n}`));
    receiver.answers.push(500);
    await run();
    after(0.2);
    await tell('subscriber.unsubscribed', 'first');
    after(1);
    await run();
    const ofFirst = told().filter(({ data }) => (data as { subscriber: string }).subscriber === 'first');
    expect(ofFirst.map(({ type }) => type)).toEqual([
      ...['subscriber.confirmed', 'subscriber.confirmed'], // the first try, and the second
      'subscriber.unsubscribed',
    ]);
    expect(receiver.received).toHaveLength(202);
  });

  test('when it hangs, then it is let go after the time limit and keeps no other receiver waiting', async () => {
    const other = await hookReceiver();
    await add(['subscriber.changed']);
    await add(['subscriber.changed'], other.url);
    receiver.answers.push('hang');
    const { publicId } = await makeReader(database.db, ctx.now());
    for (const until of ['2026-02-01', '2026-03-01'])
      await pause(ctx, { publicId }, new Date(`${until}T00:00:00Z`), { actor: 'cli' });
    const started = performance.now();
    expect(await run(300)).toMatchObject({ delivered: 2, failed: 1 });
    expect(performance.now() - started).toBeLessThan(5_000);
    expect([receiver.received.length, other.received.length]).toEqual([1, 2]);
    const tries = await database.db.hookTry.findMany({ where: { problem: { not: null } } });
    expect(tries).toMatchObject([{ status: null, problem: 'no answer within 0.3 s' }]);
    await other.close();
  });

  test('when it is far behind, then another is told before it has a hundred of them, and order stays', async () => {
    const other = await hookReceiver();
    await add(['subscriber.changed']);
    await add(['subscriber.unsubscribed'], other.url);
    const tell = (event: HookEvent, ...subscribers: string[]) =>
      transaction(database.db, (tx) => announce(ctx, tx, event, ...subscribers.map((subscriber) => ({ subscriber }))));
    await tell('subscriber.changed', ...Array.from({ length: 150 }, (_, n) => `reader-${n % 2}`));
    after(1);
    await tell('subscriber.unsubscribed', 'quiet');
    expect(await run()).toMatchObject({ delivered: 151, failed: 0 });
    expect(receiver.received).toHaveLength(150);
    expect(other.received[0]?.atMs).toBeLessThan(receiver.received[99]?.atMs ?? 0);
    const ids = (await database.db.hookMessage.findMany({ orderBy: { id: 'asc' } })).map(({ publicId }) => publicId);
    expect(receiver.received.map(({ headers }) => headers['webhook-id'])).toEqual(ids.slice(0, 150));
    await other.close();
  });

  test('when the time of a run is over, then the next one is called at once and goes on', async () => {
    const { endpoint } = await add();
    await testWebhook(ctx, endpoint.publicId, 'cli');
    ctx.woken.length = 0;
    expect(await runHooks(ctx, { mostMs: 0 })).toMatchObject({ delivered: 0, failed: 0 });
    expect(ctx.woken).toEqual(['hooks']);
    expect(await run()).toMatchObject({ delivered: 1 });
    expect(ctx.woken).toEqual(['hooks']);
  });

  test('when we end while it is asked, then what was taken for it is due at once', async () => {
    const { endpoint } = await add();
    for (let n = 0; n < 2; n++) await testWebhook(ctx, endpoint.publicId, 'cli');
    receiver.answers.push('hang');
    const ending = new AbortController();
    const running = runHooks(ctx, { signal: ending.signal });
    await until('it is asked', () => receiver.received.length === 1);
    ending.abort();
    expect(await running).toMatchObject({ delivered: 0, failed: 0 });
    expect(await run()).toMatchObject({ delivered: 2 });
  });

  test('when it took a message just before one fails, then it is not off, however long it had failed', async () => {
    const { endpoint } = await add();
    const failingSince = new Date(ctx.now().getTime() - 6 * 86_400_000);
    await database.db.hookEndpoint.updateMany({ data: { failingSince } });
    for (let n = 0; n < 2; n++) await testWebhook(ctx, endpoint.publicId, 'cli');
    receiver.answers.push(204, 500);
    expect(await run()).toMatchObject({ delivered: 1, failed: 1, switchedOff: 0 });
    const now = await database.db.hookEndpoint.findFirstOrThrow();
    expect([now.offAt, now.failingSince]).toEqual([null, ctx.now()]);
  });

  test('when it names the moment to come back at, then it is left alone until then', async () => {
    const { endpoint } = await add();
    await testWebhook(ctx, endpoint.publicId, 'cli');
    receiver.answers.push({ later: new Date(Date.now() + 2 * 3_600_000).toUTCString() }); // by its own clock
    await run();
    after(118);
    expect(await run()).toMatchObject({ delivered: 0, failed: 0 });
    after(4);
    expect(await run()).toMatchObject({ delivered: 1 });
  });

  test('when it is off, then what failed ten days ago goes again by the command that the mail words', async () => {
    ctx.setNow(new Date()); // commands have the system's clock
    const { endpoint } = await add();
    await testWebhook(ctx, endpoint.publicId, 'cli');
    const at = new Date(ctx.now().getTime() - 10 * 86_400_000);
    await database.db.hookMessage.updateMany({ data: { state: 'failed', at } });
    await testWebhook(ctx, endpoint.publicId, 'cli');
    receiver.answers.push(410);
    await runHooks(ctx);
    const { payload } = await database.db.delivery.findFirstOrThrow({ where: { kind: 'alarm' } });
    const [, on = '', replay = ''] =
      /npx offprint (webhook on \S+), and npx offprint (webhook replay \S+)/.exec(JSON.stringify(payload)) ?? [];
    expect((await runCli(on.split(' '), { url: database.url })).code).toBe(0);
    const told = await runCli(replay.split(' '), { url: database.url });
    expect([told.stdout, told.code]).toEqual(['2 message(s) go again\n', 0]);
  });

  test('when it redirects to this machine, then nobody follows', async () => {
    const inside = await hookReceiver();
    const { endpoint } = await add();
    await testWebhook(ctx, endpoint.publicId, 'cli');
    receiver.answers.push({ redirect: inside.url });
    await run();
    expect([receiver.received.length, inside.received.length]).toEqual([1, 0]);
    const [log] = await database.db.hookTry.findMany();
    expect(log).toMatchObject({ status: 302, problem: 'answered 302; redirects are not followed' });
    await inside.close();
  });

  test('when it asks for time, then it gets it; when it is gone, then it is off at once', async () => {
    const { endpoint } = await add();
    await testWebhook(ctx, endpoint.publicId, 'cli');
    receiver.answers.push(503, 410);
    await run();
    after(119);
    await run();
    expect(receiver.received).toHaveLength(1);
    after(2);
    expect(await run()).toMatchObject({ failed: 1, switchedOff: 1 });
    expect((await database.db.hookEndpoint.findFirstOrThrow()).offBecause).toBe('it answered 410 Gone');
  });
});

describe('an endpoint', () => {
  test('when its secret is rotated, then for a day both sign, and then the new one alone', async () => {
    const { endpoint, secret: old } = await add();
    const rotated = await rotateWebhook(ctx, endpoint.publicId, 'cli');
    const fresh = 'secret' in rotated ? (rotated.secret ?? '') : '';
    expect(fresh).not.toBe(old);
    for (const minutes of [0, 1_441]) {
      after(minutes);
      await testWebhook(ctx, endpoint.publicId, 'cli');
      await run();
    }
    const [during, later] = receiver.received;
    const holds = (secret: string, one = during) => {
      try {
        verifyAt(secret, Number(one?.headers['webhook-timestamp']) * 1_000, one ?? { body: '', headers: {} });
        return true;
      } catch {
        return false;
      }
    };
    expect([holds(old), holds(fresh), holds(old, later), holds(fresh, later)]).toEqual([true, true, false, true]);
  });

  test('when what failed is replayed, then it goes again under its id', async () => {
    const { endpoint } = await add();
    await testWebhook(ctx, endpoint.publicId, 'cli');
    receiver.answers.push(410);
    await run();
    await switchWebhookOn(ctx, endpoint.publicId, 'cli');
    expect(await replayWebhook(ctx, endpoint.publicId, { days: 7 }, 'cli')).toMatchObject({ messages: 1 });
    expect(await run()).toMatchObject({ delivered: 1 });
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    const message = await database.db.hookMessage.findFirstOrThrow();
    expect(await replayWebhook(ctx, endpoint.publicId, { message: message.publicId }, 'cli')).toMatchObject({
      messages: 1,
    });
    expect(await replayWebhook(ctx, endpoint.publicId, { message: 'nothing' }, 'cli')).toMatchObject({ messages: 0 });
  });

  test('when private networks are not allowed, then none can be added, and a name that leads there is not asked', async () => {
    const closed = await testContext(database);
    for (const url of [
      'http://127.0.0.1/x',
      'http://localhost/',
      'http://[::1]/',
      'ftp://example.org/',
      'http://a:b@example.org/',
    ])
      await expect(addWebhook(closed, { url, events: [] }, 'cli')).rejects.toThrow(/expected an https or http address/);
    const { endpoint } = await add();
    await testWebhook(ctx, endpoint.publicId, 'cli');
    closed.setNow(START);
    expect(await runHooks(closed)).toMatchObject({ failed: 1 });
    expect(receiver.received).toEqual([]);
    expect(await database.db.hookTry.findFirstOrThrow()).toMatchObject({
      problem: 'not a public address; ALLOW_PRIVATE_WEBHOOKS=yes allows it',
    });
  });

  test('when a dump is read, then it holds no secret', async () => {
    const { secret } = await add();
    const rows =
      JSON.stringify(await database.db.hookEndpoint.findMany()) +
      JSON.stringify(await database.db.auditEntry.findMany({ select: { detail: true } }));
    expect(rows).not.toContain(secret.slice('whsec_'.length));
  });
});
