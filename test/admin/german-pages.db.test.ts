import { afterAll, beforeAll, expect, test } from 'vitest';
import { readTopics } from '../../src/match/concepts/own-concepts.ts';
import { addDays } from '../../src/lib/time.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { fillAdmin } from '../world/busy-admin.ts';
import { cameBack, mailSent } from '../world/came-back.ts';
import { bounceMail } from '../world/feedback-mails.ts';
import { makeReader } from '../world/readers.ts';
import { GONE_SOURCE, notFound, troubleAdmin } from '../world/troubled-admin.ts';
import { adminServer, type AdminServer } from './admin-server.ts';
import { getRoutes, pathOf } from './every-path.ts';

const database = testDatabase();
const LONG_MS = 240_000;
/** Routes that are no page: a stream, a mail as it reads, and what others wrote. */
const NO_PAGE = ['/events', '/editions/:key/read/:id', '/feedback/:id/report.eml', '/replies/:id/letter.eml'];
/** Words that English sentences are made of and German ones are not. */
const ENGLISH =
  /(?<![\w«„“/.@-])(?:the|is|are|were|has|have|not|expected|with|and|of|its|it|which|by|from|answered|missing|this|that|be|cannot|could)(?![\w/.@-])/;
/** What others wrote, or what is code: titles and interests of the world, replies of servers, quoted words. */
const THEIRS =
  /„[^“]*“|“[^”]*”|"[^"]*"|Robots that grasp soft things|Kelp forests seen from far above|A quieter way to route experts|Far from all others|the moon is in the way|The paper on kelp was fine\.?|not an address/g;

/** Topics are English wherever they are edited. */
const TOPICS = new Set(readTopics().flatMap(({ name, description }) => [name, description]));

let ctx: TestContext;
let admin: AdminServer;
let cookie: string;

beforeAll(async () => {
  ctx = await testContext(database, { SOURCES: GONE_SOURCE }, { fetchSource: notFound });
  admin = await adminServer(ctx);
  ({ cookie } = await admin.signIn());
}, LONG_MS);
afterAll(() => admin.close());

/** What a page says, aloud and in tips too; nothing of code, of raw texts and of other languages. */
function textsOf(html: string): string[] {
  const own = html
    .replace(/<(script|style|pre|code|textarea|blockquote)\b.*?<\/\1>/gs, ' ')
    .replace(/<[^>]*\blang="en"[^>]*>[^<]*/g, ' ');
  const attributes = [...own.matchAll(/\s(?:title|aria-label|placeholder|alt)="([^"]*)"/g)].map(
    ([, text]) => text ?? '',
  );
  return [...own.replace(/<[^>]*>/g, '\n').split('\n'), ...attributes].map((text) => text.trim()).filter(Boolean);
}

async function englishOn(path: string): Promise<string[]> {
  const answer = await fetch(admin.base + path, { headers: { cookie, 'accept-language': 'de' } });
  expect([path, answer.status]).toEqual([path, 200]);
  const texts = textsOf((await answer.text()).replaceAll('&quot;', '"').replaceAll('&#x27;', "'"));
  return texts
    .filter((text) => !TOPICS.has(text) && ENGLISH.test(text.replace(THEIRS, ' ')))
    .map((text) => `${path}: ${text}`);
}

/** A refusal by a rule that has advice. */
async function eventOfKnownRule(): Promise<string> {
  const reader = await makeReader(ctx.db, ctx.now(), { email: 'full@strange.example' });
  const delivery = await mailSent(ctx, reader, ctx.now());
  await cameBack(ctx, bounceMail(reader.email, '4.2.2', { words: '4.2.2 the moon is in the way' }), delivery);
  const event = await ctx.db.feedbackEvent.findFirstOrThrow({ where: { rule: { not: null } } });
  return event.publicId;
}

test(
  'when there is something to show and much went wrong, then no page says it in English to a German admin',
  async () => {
    const places = await fillAdmin(ctx);
    const failed = await troubleAdmin(ctx);
    const toCome = `daily:${addDays(ctx.now().toISOString().slice(0, 10), 1)}`;
    const { email = '', editions = '' } = places;
    const held = await ctx.db.digest.findFirstOrThrow({ where: { source: 'odd' } });
    const paths = getRoutes(NO_PAGE).map((route) =>
      pathOf(route, route.endsWith('/dry-run') ? { ...places, editions: toCome } : places),
    );
    paths.push(`/admin/feedback/${await eventOfKnownRule()}`);
    paths.push(`/admin/errands/${failed}`, `/admin/errands/${failed}/report.csv`, `/admin/digests/${held.id}`);
    paths.push(`/digests/${ctx.now().toISOString().slice(0, 10)}`);
    paths.push(`/admin/why?${new URLSearchParams({ email, edition: editions })}`, '/admin/search?q=robots');
    const found: string[] = [];
    for (const path of paths) found.push(...(await englishOn(path)));
    expect(found).toEqual([]);
    const read = async (path: string) => textsOf(await (await admin.get(path, cookie)).text()).join(' ');
    expect(await read(`/admin/errands/${failed}`)).toMatch(
      /: https:\/\/papers\.example\/.* answered 404; expected 200/,
    );
    const sources = await read('/admin/sources');
    expect(sources).toContain('One source is in trouble.');
    expect(await (await admin.get('/admin/sources', cookie)).text()).toContain('https://papers.example/{date}.json');
    expect(sources).toContain('3 of 3 entries lack a title or an abstract');
    expect(await read(`/admin/digests/${held.id}`)).not.toContain('no abstract');
  },
  LONG_MS,
);
