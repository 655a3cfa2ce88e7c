import { afterAll, beforeAll, expect, test } from 'vitest';
import { latexToText } from '../../src/compose/text/latex-to-text.ts';
import { topicIn, topicNameIn } from '../../src/model/topic-words.ts';
import { asksForNothing } from '../../src/model/interest.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { startWeb, type TestWeb } from '../http/web-server.ts';
import { confirmedReader } from '../world/sign-ups.ts';

const database = testDatabase();
let ctx: TestContext;
let web: TestWeb;
let networks = 0;

beforeAll(async () => {
  ctx = await testContext(database, { TRUST_PROXY: '1' });
  web = await startWeb(ctx);
});
afterAll(() => web.close());

/** What every object has, and what templates and LaTeX take for a name. */
const NAMES = [...Object.getOwnPropertyNames(Object.prototype), '__proto__', 'prototype', 'then', 'length', 'lookup'];
const VALUES = [...new Set(NAMES)]
  .flatMap((name) => [name, `\\${name}`])
  .concat('{{constructor}}', '{{{this}}}', '${toString}')
  .filter((text) => !asksForNothing(text)); // «then» alone is refused as no subject

const elsewhere = () => ({ 'x-forwarded-for': `10.2.${++networks % 250}.${networks % 7}` });
/** A sign-up as JSON, its text built by hand: an object literal would take `__proto__` for something else. */
const json = (email: string, value: string) => {
  const said = JSON.stringify(value);
  const lists = ['interests', 'authors', 'organizations', 'muted'].map((name) => `"${name}":[${said}]`).join(',');
  return `{"email":"${email}",${lists},${said}:${said},"__proto__":{"hour":99},"constructor":{"prototype":{"hour":99}}}`;
};

async function kept(email: string): Promise<string[] | null> {
  const request = await ctx.db.confirmationRequest.findFirst({ where: { subscriber: { email } } });
  return (request?.signUp as { wishes: { text: string }[] } | undefined)?.wishes.map(({ text }) => text) ?? null;
}

test.each(VALUES)('when somebody wishes for %s, as JSON or by the form, then that is what is kept', async (value) => {
  const at = `v${VALUES.indexOf(value)}`;
  const headers = { 'content-type': 'application/json', ...elsewhere() };
  expect((await web.post('/subscribe', json(`${at}j@example.org`, value), headers)).status).toBe(202);
  expect(await kept(`${at}j@example.org`)).toEqual([value, value, value, value]);
  const form = { email: `${at}f@example.org`, interests: value, muted: `author:${value}`, [value]: value };
  expect((await web.post('/subscribe', form, elsewhere())).status).toBe(202);
  expect(await kept(`${at}f@example.org`)).toEqual([value, value]);
});

test.each(VALUES)(
  'when %s is a topic, a page, a parameter, a header or a language, then it is none of ours',
  async (value) => {
    const said = encodeURIComponent(value);
    const json = { 'content-type': 'application/json', ...elsewhere() };
    const body = `{"email":"x@example.org","topics":[${JSON.stringify(value)}],"cadence":${JSON.stringify(value)}}`;
    expect((await web.post('/subscribe', body, json)).status).toBe(422);
    const answers = await Promise.all(
      [
        ...[`/feeds/${said}.xml`, `/feeds/${said}.json`, `/feed/${said}.xml`, `/papers/${said}`, `/digests/${said}`],
        ...[`/digests?q=${said}&${said}=${said}&lang=${said}`, `/preview?interests=${said}&topics=${said}&${said}=x`],
        ...[`/preview/newsletter?interests=${said}&cadence=${said}&language=${said}`, `/${said}`, `/?lang=${said}`],
      ].map((path) => web.get(path, { 'accept-language': value.replace(/[^\w-]/g, ''), ...elsewhere() })),
    );
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404, 200, 200, 200, 404, 200]);
    for (const answer of answers) expect(await answer.text()).not.toMatch(/native code|\[object Object\]/);
  },
);

test('when such a reader opens their preferences, then their wishes stand there as they were typed', async () => {
  const interests = ['constructor', '\\toString', '__proto__', 'hasOwnProperty'];
  const reader = await confirmedReader(ctx, 'names@example.org', { interests });
  const page = await (await web.get(reader.preferences)).text();
  for (const text of interests) expect(page).toContain(text);
  expect(page).not.toContain('native code');
});

test.each(NAMES)('when LaTeX or a catalogue is asked for %s, then nothing of an object comes out', (name) => {
  for (const text of [`\\${name}{x}`, `$\\${name}{x} \\mathbb{${name}}$`, `a \\${name} b`, `\\${name} a`])
    expect(latexToText(text)).not.toMatch(/native code|\[object|function/);
  expect(topicNameIn('de', name, 'English')).toBe('English');
  const topic = { slug: name, name: 'English', field: name, description: '' };
  expect(topicIn('de', topic)).toEqual(topic);
});
