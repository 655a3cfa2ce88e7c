import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Browser, Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PACKAGE_ROOT } from '../../src/config.ts';
import { freePort } from '../../src/db/embedded/postmaster.ts';
import { launchBrowser } from '../support/browser.ts';
import { until } from '../support/until.ts';

/** What a newcomer does after `npm start`: the real program with nothing set, and a browser. */
const MOST_PRESSES = 6;
/** No country reads another day in it. */
const TOKYO_TIME = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun),? \d{1,2} [A-Z][a-z]{2,3} \d{4}(,| at) \d{2}:\d{2} (GMT\+9|JST)$/;
const ADDRESS = 'newcomer@example.org';
/** Nobody fills in a form faster; who does is asked for a little work first. */
const PERSON_MS = 2_500;

let dir: string;
let base: string;
let env: NodeJS.ProcessEnv;
let child: ChildProcess;
let browser: Browser;
let said = '';

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'offprint-newcomer-'));
  chmodSync(dir, 0o755);
  const port = await freePort();
  base = `http://localhost:${port}`;
  env = {
    ...{ PATH: process.env['PATH'], HOME: process.env['HOME'], TZ: 'Asia/Tokyo', LOG_LEVEL: 'warn' },
    ...{ PORT: String(port), DATA_DIR: join(dir, 'data') },
  };
  child = spawn(process.execPath, ['--import', 'tsx', 'src/main.ts'], {
    ...{ cwd: PACKAGE_ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] },
  });
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await until('it listens', () => said.includes("Today's newsletter") || child.exitCode !== null);
  await until('the samples are in', async () => (await (await fetch(`${base}/digests`)).text()).includes('2026-11-20'));
  browser = await launchBrowser();
}, 180_000);

afterAll(async () => {
  await browser.close();
  child.kill('SIGTERM');
  await until('it ends', () => child.exitCode !== null || child.signalCode !== null);
  rmSync(dir, { recursive: true, force: true, maxRetries: 12, retryDelay: 100 });
});

test('when a newcomer goes from the form to reading, then it takes six presses at most and leaves no doubt', async () => {
  const context = await browser.newContext({ locale: 'en-US', timezoneId: 'Asia/Tokyo' });
  const page = await context.newPage();
  const started = performance.now();
  let presses = 0;
  const press = async (what: Locator) => {
    presses++;
    await what.click();
  };
  await page.goto(base);
  await page.getByLabel('E-mail address').fill(ADDRESS);
  await page.getByLabel('Subjects').fill('language models');
  await page.locator('.estimate', { hasText: 'sample papers' }).waitFor();
  await page.waitForTimeout(PERSON_MS);
  await press(page.getByRole('button', { name: 'Send me papers' }).first());
  await page.getByText(`a mail is on its way: ${ADDRESS}`).waitFor();
  await press(page.getByRole('link', { name: 'Open the mail on this machine' }));
  await page.getByRole('heading', { name: 'As a mail program shows it' }).waitFor(); // waited for, not reloaded
  expect(await page.locator('.envelope dd').last().textContent()).toMatch(TOKYO_TIME);
  await press(
    page
      .frameLocator('iframe')
      .getByRole('link', { name: /confirm/i })
      .first(),
  );
  await press(page.getByRole('button', { name: 'Yes, send me papers' }));
  await page.getByRole('heading', { name: 'You are in' }).waitFor();
  if ((await page.locator('iframe').count()) === 0) {
    await press(page.getByRole('link', { name: 'See the mails on this machine' }));
    await page.getByText('made of sample papers').waitFor();
    await press(page.locator('.mails a', { hasNotText: 'confirm' }).first());
  }
  await page.frameLocator('iframe').getByText('These are samples').first().waitFor();
  console.log(`from / to reading: ${presses} presses, ${((performance.now() - started) / 1000).toFixed(1)} s`);
  expect(presses).toBeLessThanOrEqual(MOST_PRESSES);
  await page.goto(`${base}/outbox`);
  await page.getByText('made of sample papers').waitFor();
  for (const time of await page.locator('.mails time').allTextContents()) expect(time).toMatch(TOKYO_TIME);
  await context.close();
}, 240_000);

test('when a preview is written, then it says of which day and that it is made of samples', async () => {
  const run = (...options: string[]) =>
    promisify(execFile)(process.execPath, ['--import', 'tsx', 'src/cli.ts', 'preview', ...options], {
      ...{ cwd: PACKAGE_ROOT, env },
    });
  const out = join(dir, 'preview');
  const told = await run('--interest', 'language models', '--out', out);
  expect(told.stdout).toContain('Made from the list of Friday, 20 November 2026 (2026-11-20), source samples.');
  expect(told.stdout).toContain('These are sample papers');
  expect(told.stdout).not.toContain('list of your own');
  const day = await run('--interest', 'language models', '--out', out, '--on', '2026-11-18', '--json');
  expect(JSON.parse(day.stdout)).toMatchObject({
    digestOn: '2026-11-18',
    sources: ['samples'],
    sample: true,
    own: null,
  });
}, 240_000);
