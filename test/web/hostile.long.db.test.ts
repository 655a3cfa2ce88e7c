import { afterAll, beforeAll, expect, test } from 'vitest';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { startWeb, type TestWeb } from '../http/web-server.ts';
import { confirmedReader, type TestReader } from '../world/sign-ups.ts';

const database = testDatabase();
let ctx: TestContext;
let web: TestWeb;
let reader: TestReader;

beforeAll(async () => {
  ctx = await testContext(database, { TRUST_PROXY: '1' });
  web = await startWeb(ctx);
  reader = await confirmedReader(ctx, 'hostile@example.org');
});
afterAll(() => web.close());

/** Every request from another network, so that no budget hides a fault. */
let networks = 0;
const from = () => ({ 'x-forwarded-for': `10.${++networks >> 8}.${networks & 255}.1` });

const HOSTILE: [string, string][] = [
  ['NUL', 'a\0b'],
  ['half a character', '\ud800'],
  ['a per cent sign', '%'],
  ['SQL', "'; DROP TABLE subscribers; --"],
  ['a template', '{{constructor}}'],
  ['a path', '../../etc/passwd'],
  ['5,000 letters', 'x'.repeat(5_000)],
  ['300 faces', '🙂'.repeat(300)],
  ['a bidi override', '\u202etxt'],
];

test.each(HOSTILE)('when %s is asked for, then no page breaks', async (_, text) => {
  const value = encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd'));
  for (const path of [
    `/?lang=${value}`,
    `/digests?q=${value}&before=${value}`,
    `/digests/${value}`,
    `/papers/${value}`,
    `/feeds/${value}.xml`,
    `/preview?interests=${value}&topics=${value}&hour=${value}`,
    `/preview/newsletter?muted=${value}&authors=${value}`,
    `/outbox/${value}`,
    `/confirm/${value}`,
    `/newsletters/${value}`,
    `${reader.react}?paper=${value}&do=mute`,
    `${reader.react}?paper=${value}&do=${value}`,
    `/feed/${value}.xml`,
  ]) {
    expect((await web.get(path)).status, path.slice(0, 80)).toBeLessThan(500);
  }
});

test.each(HOSTILE)('when %s is sent in every field of every form, then no page breaks', async (_, text) => {
  const all = [
    'email',
    'topics',
    'interests',
    'authors',
    'organizations',
    'muted',
    'cadence',
    'weekday',
    'hour',
    'timeZone',
    'maxPapers',
    'language',
    'website',
    'stamp',
    'challenge',
    'solution',
  ];
  for (const field of all) {
    const form = { email: 'field@example.org', [field]: text };
    expect((await web.post('/subscribe', form, from())).status, field).toBeLessThan(500);
    const list = ['topics', 'interests', 'authors', 'organizations', 'muted'].includes(field);
    const json = JSON.stringify({ ...form, [field]: list ? [text] : text });
    expect(
      (await web.post('/subscribe', json, { 'content-type': 'application/json', ...from() })).status,
      `JSON ${field}`,
    ).toBeLessThan(500);
  }
  for (const form of [
    { action: 'save', interests: text, muted: text },
    { action: 'pause', until: text },
    { action: 'address', newEmail: text },
    { action: text },
    { action: 'erase', sure: text },
  ]) {
    expect((await web.post(reader.preferences, form)).status, form.action).toBeLessThan(500);
  }
  expect((await web.post(`${reader.react}?paper=x&do=mute`, { act: 'mute', own: text })).status).toBeLessThan(500);
  expect((await web.post(`${reader.react}?paper=x&do=more`, { act: text })).status).toBeLessThan(500);
  expect((await web.post(reader.unsubscribe, { action: 'reason', reason: text })).status).toBeLessThan(500);
  expect((await web.post('/preferences', { email: text })).status).toBeLessThan(500);
});
