import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { liveConfig, refreshSettings } from '../../src/live-settings.ts';
import { takeBack } from '../../src/operate/take-back.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { adminServer, type AdminServer } from './admin-server.ts';

const database = testDatabase();
const SECRET = 'open-sesame-open-sesame';
let ctx: TestContext;
let server: AdminServer;
let session: { cookie: string; csrf: string };

beforeAll(async () => {
  ctx = await testContext(database, { SECRET, CONTENT_DAYS: '20' });
  server = await adminServer(ctx);
  session = await server.signIn();
});
afterAll(() => server.close());

const change = (name: string, fields: Record<string, string>) =>
  server.post(`/admin/settings/${name}`, { csrf: session.csrf, ...fields }, session.cookie);
const said = (answer: Response) =>
  decodeURIComponent(/message=(.*)/.exec(answer.headers.get('location') ?? '')?.[1] ?? '');
const page = async () => (await server.get('/admin/settings', session.cookie)).text();

describe('the settings', () => {
  test('when one is changed, then this process heeds it at once and another when it looks, and it can be taken back', async () => {
    const other = liveConfig(ctx.config);
    expect(said(await change('MAX_PAPERS', { value: ' 7 ' }))).toContain('MAX_PAPERS is changed');
    expect(ctx.config.MAX_PAPERS).toBe(7);
    expect(other.MAX_PAPERS).toBe(10);
    await refreshSettings({ db: ctx.db, config: other });
    expect(other.MAX_PAPERS).toBe(7);
    expect(await page()).toContain('One setting was changed here');

    const act = await ctx.db.auditEntry.findFirstOrThrow({ where: { action: 'setting.change' } });
    expect(act).toMatchObject({ subject: 'MAX_PAPERS', before: { value: null }, after: { value: '7' } });
    expect(await takeBack(ctx, act.id, 'cli')).toMatchObject({ outcome: 'taken-back' });
    await refreshSettings(ctx);
    expect(ctx.config.MAX_PAPERS).toBe(10);
  });

  test.each([
    ['MAX_PAPERS', '51'],
    ['WARM_UP', '50;100'],
    ['QUIET_HOURS', '22-22'],
    ['RETRY_MINUTES', '<b>'],
  ])('when %s is to be «%s», then the page says what was expected, and nothing changes', async (name, value) => {
    const before = ctx.config[name as 'MAX_PAPERS'];
    const answer = await change(name, { value });
    expect(answer.status).toBe(422);
    const shown = await answer.text();
    expect(shown).toMatch(/role="alert"><p>“[^<]+” cannot be: expected [^<]{10}/);
    expect(shown).not.toContain('<b>"');
    expect(ctx.config[name as 'MAX_PAPERS']).toEqual(before);
  });

  test('when an admin reads German, then what was expected of a value is said in German', async () => {
    const answer = await server.post(
      '/admin/settings/LATE_HOURS',
      { csrf: session.csrf, value: 'viele' },
      session.cookie,
      { 'accept-language': 'de' },
    );
    expect(await answer.text()).toContain(
      '„viele“ geht nicht: erwartet wird eine ganze Zahl von Stunden, von 1 bis 168.',
    );
  });

  test('when the environment sets one, or it is read at the start, then it stays', async () => {
    expect(said(await change('CONTENT_DAYS', { value: '5' }))).toContain('set by the environment');
    expect(said(await change('PORT', { value: '1' }))).toContain('no setting that changes');
    expect(ctx.config.CONTENT_DAYS).toBe(20);
    const shown = await page();
    expect(shown).toContain('CONTENT_DAYS=20');
    expect(shown).not.toContain('value-CONTENT_DAYS');
  });

  test('when the page is shown, then it holds nothing that opens anything', async () => {
    expect(await page()).not.toContain(SECRET);
  });

  test('when one goes back to the usual, then the program has it again; what an older release kept is passed over', async () => {
    await change('QUIET_HOURS', { value: '22-7' });
    expect(ctx.config.QUIET_HOURS).toEqual({ from: 22, to: 7 });
    expect(await page()).toContain('value="22-7"');
    await change('QUIET_HOURS', { action: 'usual' });
    expect(ctx.config.QUIET_HOURS).toBeUndefined();
    expect(said(await change('QUIET_HOURS', { value: '' }))).toContain('Nothing changed');
    await ctx.db.setting.create({ data: { name: 'LATE_HOURS', value: 'long', changedAt: ctx.now() } });
    await refreshSettings(ctx);
    expect(ctx.config.LATE_HOURS).toBe(12);
  });
});
