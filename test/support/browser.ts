import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import { PATIENCE_MS } from './until.ts';

const INSTALLED = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
];

const QUIET = [
  '--no-sandbox', // root, and containers without user namespaces
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * Starts a headless Chromium: the one CHROMIUM names, else an installed one, else the one that @sparticuz/chromium
 * carries, which needs nothing of the system. Close it when done.
 */
export async function launchBrowser(): Promise<Browser> {
  const named = process.env.CHROMIUM ?? INSTALLED.find((path) => existsSync(path));
  if (named) return patient(await chromium.launch({ executablePath: named, args: QUIET }));
  const carried = await unpackCarried();
  const browser = await chromium.launch({
    executablePath: join(carried, 'chromium'),
    args: [...QUIET, '--headless=shell', '--no-zygote', '--disable-webgl'],
    env: {
      ...process.env,
      LD_LIBRARY_PATH: join(carried, 'al2023', 'lib'),
      FONTCONFIG_FILE: fontSettings(carried),
      HOME: carried,
    },
  });
  return patient(browser);
}

/** Has every page of a browser wait as long as a test waits. */
function patient(browser: Browser): Browser {
  const newContext = browser.newContext.bind(browser);
  browser.newContext = async (options) => {
    const context = await newContext(options);
    context.setDefaultTimeout(PATIENCE_MS);
    return context;
  };
  return browser;
}

/**
 * Unpacks Chromium, its libraries and fonts once per user; aside and then renamed, since several test processes may do
 * so at once.
 */
async function unpackCarried(): Promise<string> {
  const folder = join(tmpdir(), `offprint-chromium-${userInfo().uid}`);
  if (existsSync(folder)) return folder;
  const aside = mkdtempSync(`${folder}-`);
  const before = { ...process.env };
  process.env.TMPDIR = aside; // where the package unpacks to
  process.env.AWS_EXECUTION_ENV = 'AWS_Lambda_nodejs20.x'; // makes it unpack its libraries too
  try {
    const { default: carried } = await import('@sparticuz/chromium');
    await carried.executablePath();
  } finally {
    for (const name of ['TMPDIR', 'AWS_EXECUTION_ENV', 'LD_LIBRARY_PATH', 'FONTCONFIG_PATH', 'HOME']) {
      if (before[name] === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = before[name];
    }
  }
  mkdirSync(join(aside, 'fonts'), { recursive: true });
  try {
    renameSync(aside, folder);
  } catch {
    rmSync(aside, { recursive: true, force: true }); // another process was first
  }
  return folder;
}

/**
 * Writes where the carried fonts lie: the settings they come with look elsewhere, and without a font no text has a
 * height.
 */
function fontSettings(carried: string): string {
  const file = join(mkdtempSync(join(tmpdir(), 'offprint-fonts-')), 'fonts.conf');
  const cache = join(carried, 'fonts', 'cache');
  writeFileSync(
    file,
    `<?xml version="1.0"?>\n<fontconfig><dir>${join(carried, 'fonts')}</dir><cachedir>${cache}</cachedir></fontconfig>\n`,
  );
  return file;
}
