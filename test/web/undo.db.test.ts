import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import PostalMime from 'postal-mime';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { jobNamed, runJob } from '../../src/jobs.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { startWeb, type TestWeb } from '../http/web-server.ts';
import { confirmedReader, newestConfirmPath, statusOf } from '../world/sign-ups.ts';

const database = testDatabase();
let ctx: TestContext;
let web: TestWeb;

beforeAll(async () => {
  ctx = await testContext(database);
  web = await startWeb(ctx);
});
afterAll(() => web.close());

const state = async () =>
  JSON.stringify(
    [
      await ctx.db.subscriber.findMany({ orderBy: { id: 'asc' } }),
      await ctx.db.confirmationRequest.findMany({ orderBy: { id: 'asc' } }),
      await ctx.db.delivery.findMany({ orderBy: { id: 'asc' } }),
      await ctx.db.auditEntry.count(),
    ],
    (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value),
  );

/** The mails that the outbox holds for an address. */
async function mailsIn(email: string) {
  const folder = join(ctx.config.DATA_DIR, 'outbox');
  const mails = await Promise.all(
    readdirSync(folder).map((file) => PostalMime.parse(readFileSync(join(folder, file)))),
  );
  return mails.filter(({ to }) => to?.some(({ address }) => address === email));
}

test.each([
  {
    language: 'en',
    subject: /to move\?/,
    question: 'has moved to another address',
    done: 'is back at',
    already: 'taken back before',
    none: 'is not one of ours',
  },
  {
    language: 'de',
    subject: /umziehen\?/,
    question: 'an eine andere Adresse umgezogen',
    done: 'ist zurück bei',
    already: 'schon zurückgenommen',
    none: 'ist keiner von uns',
  },
])(
  'when a reader ($language) was moved by somebody else, then the mail to the old address brings them back: GET shows, POST acts',
  async ({ language, subject, question, done, already, none }) => {
    const [old, stolen] = [`owner.${language}@example.org`, `thief.${language}@example.org`];
    const reader = await confirmedReader(ctx, old, { language });
    await web.post(reader.preferences, { action: 'address', newEmail: stolen });
    await web.post(await newestConfirmPath(ctx, stolen), {});
    expect(await statusOf(ctx, stolen)).toBe('confirmed');
    await runJob(ctx, jobNamed('deliver')!);
    const told = (await mailsIn(old)).find((mail) => subject.test(mail.subject ?? ''));
    expect(told?.text).not.toContain(stolen);
    expect(told?.html).not.toContain(stolen);
    const path = new URL(/https?:\S+\/undo\/\S+/.exec(told?.text ?? '')![0]).pathname;
    const before = await state();
    for (const method of ['GET', 'HEAD', 'OPTIONS'])
      expect((await fetch(web.base + path, { method })).status).toBe(200);
    const shown = await web.get(path);
    expect(await shown.text()).toContain(question);
    expect(shown.headers.get('cache-control')).toContain('no-store');
    expect(shown.headers.get('referrer-policy')).toBe('no-referrer');
    expect(shown.headers.get('x-robots-tag')).toContain('noindex');
    expect(shown.headers.get('content-language')).toBe(language);
    expect(await state()).toBe(before);
    const answer = await web.post(path, {});
    const page = await answer.text();
    expect(answer.status).toBe(200);
    expect(page).toContain(done);
    expect(await statusOf(ctx, old)).toBe('confirmed');
    expect(await statusOf(ctx, stolen)).toBe('gone');
    expect((await web.get(reader.preferences)).status).toBe(404);
    const fresh = /href="(\/preferences\/preferences\.[^"]+)"/.exec(page)?.[1] ?? '';
    expect((await web.get(fresh)).status).toBe(200);
    for (const again of [await web.get(path), await web.post(path, {})]) {
      expect(again.status).toBe(200);
      expect(await again.text()).toContain(already);
    }
    const forged = await web.get(`${path.slice(0, -1)}${path.endsWith('A') ? 'B' : 'A'}`, {
      'accept-language': language,
    });
    expect(forged.status).toBe(404);
    expect(await forged.text()).toContain(none);
  },
);
