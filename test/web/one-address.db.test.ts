import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { syncTopics } from '../../src/db/interests/topics.ts';
import { translator } from '../../src/lib/strings.ts';
import { readTopics } from '../../src/match/concepts/own-concepts.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { startWeb, type TestWeb } from '../http/web-server.ts';
import { statusOf } from '../world/sign-ups.ts';

const database = testDatabase();
let ctx: TestContext;
let web: TestWeb;

beforeAll(async () => {
  ctx = await testContext(database);
  await syncTopics(ctx.db, readTopics());
  web = await startWeb(ctx);
});
afterAll(() => web.close());

/** The forms of a page as a browser would send them: where to, and the hidden fields. */
function formsOf(page: string) {
  return [...page.matchAll(/<form method="post" action="([^"]*)"[^>]*>([\s\S]*?)<\/form>/g)].map(
    ([, action = '', inside = '']) => ({
      action: unescaped(action),
      buttons: [...inside.matchAll(/<button[^>]* name="(\w+)" value="([^"]*)"/g)].map(
        ([, name = '', value = '']) => [name, unescaped(value)] as const,
      ),
      fields: fieldsIn(inside),
    }),
  );
}

function fieldsIn(form: string): Record<string, string[]> {
  const fields: Record<string, string[]> = {};
  for (const [, name = '', value = ''] of form.matchAll(/type="hidden" name="(\w+)" value="([^"]*)"/g))
    (fields[name] ??= []).push(unescaped(value));
  return fields;
}

const NAMED: Record<string, string> = { amp: '&', quot: '"', lt: '<', gt: '>' };
const unescaped = (text: string) =>
  text.replace(/&(?:#x([0-9a-f]+)|(amp|quot|lt|gt));/gi, (_, code: string | undefined, name = '') =>
    code === undefined ? NAMED[String(name)]! : String.fromCodePoint(parseInt(code, 16)),
  );

const WISHES = {
  topics: ['large-language-models', 'reinforcement-learning'],
  interests: 'a "b & c"\nd <e>',
  hour: '6',
};

describe('one address, asked once and said again', () => {
  test.each([
    [['', 'below@example.org'], 'below@example.org'],
    [['above@example.org', ''], 'above@example.org'],
    [['both@example.org', ' Both@example.org '], 'both@example.org'],
  ])('when the fields hold %j, then %s is signed up', async (email, expected) => {
    const answer = await web.post('/subscribe', { email });
    expect(answer.status).toBe(202);
    expect(await statusOf(ctx, expected)).toBe('pending');
  });

  test('when the two fields hold two addresses, then neither is written to and the form says so', async () => {
    const answer = await web.post('/subscribe', { email: ['one@example.org', 'two@example.org'] });
    expect(answer.status).toBe(422);
    expect(await answer.text()).toContain(translator('en')('address.two'));
    expect([await statusOf(ctx, 'one@example.org'), await statusOf(ctx, 'two@example.org')]).toEqual(['gone', 'gone']);
  });

  test('when the form is shown, then both places say what one agrees to', async () => {
    const page = await (await web.get('/')).text();
    expect(page.split(translator('en')('form.consent')).length - 1).toBe(2);
  });

  test('when somebody signed up, then the page names the address, and a press brings the form back as it was', async () => {
    const page = await (await web.post('/subscribe?lang=en', { email: 'Wrong@Example.org', ...WISHES })).text();
    expect(page).toContain('a mail is on its way: <strong class="address">wrong@example.org</strong>');
    const [form] = formsOf(page);
    const before = await ctx.db.delivery.count();
    const again = await web.post(form!.action, { ...form!.fields, [form!.buttons[0]![0]]: form!.buttons[0]![1] });
    const shown = await again.text();
    expect(again.status).toBe(200);
    expect(shown).toContain('value="wrong@example.org"');
    expect(unescaped(shown)).toContain('>a "b & c"\nd <e></textarea>');
    expect(shown).toMatch(/value="reinforcement-learning" checked/);
    expect(shown).toMatch(/value="6" selected/);
    expect(await ctx.db.delivery.count()).toBe(before);
  });

  test('when the domain looks mistyped, then one press sends the same form to the one that was meant', async () => {
    const page = await (await web.post('/subscribe', { email: 'reader@gmial.com', ...WISHES })).text();
    const form = formsOf(page).find(({ buttons }) => buttons.some(([name]) => name === 'email'));
    expect(form?.buttons).toEqual([['email', 'reader@gmail.com']]);
    const answer = await web.post(form!.action, { ...form!.fields, email: 'reader@gmail.com' });
    expect(answer.status).toBe(202);
    const asked = (email: string) =>
      ctx.db.confirmationRequest.findFirstOrThrow({ where: { subscriber: { email } }, select: { signUp: true } });
    expect(await asked('reader@gmail.com')).toEqual(await asked('reader@gmial.com'));
  });

  test('when the address is a real provider’s, then no other is offered', async () => {
    const page = await (await web.post('/subscribe', { email: 'reader@gmail.com' })).text();
    expect(formsOf(page)).toHaveLength(1);
  });

  test('when no script runs, then a GET of the form shows what it would bring, with all that was filled in', async () => {
    const query = new URLSearchParams({ email: 'mine@example.org', interests: 'robot arms', hour: '6', lang: 'de' });
    const answer = await web.get(`/?${query}`);
    const page = await answer.text();
    expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
    expect(page).toContain('>robot arms</textarea>');
    expect(page).toContain('value="mine@example.org"');
    const preview = unescaped(/<iframe[^>]* src="([^"]+)"/.exec(page)?.[1] ?? '');
    expect(preview).toContain('interests=robot+arms');
    expect(preview).not.toContain('mine');
    expect(page).toMatch(/<button[^>]* formmethod="get" formaction="\/#preview"/);
  });
});
