import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { raiseMajor, type Raised, type RaiseMeans } from '../../src/backup/raise-major.ts';
import { loadConfig } from '../../src/config.ts';
import { openPool, openPrisma } from '../../src/db/client.ts';
import { markUnfinished, unfinishedRestore } from '../../src/db/backup/mark.ts';
import { launch, stopServer } from '../../src/db/embedded/launch.ts';
import { urlOf } from '../../src/db/embedded/cluster.ts';
import { startEmbedded, type EmbeddedServer } from '../../src/db/embedded/server.ts';
import { runDeliver } from '../../src/deliver/run-deliver.ts';
import { runPlan } from '../../src/plan/run-plan.ts';
import { makeSignInLink } from '../../src/operate/make-sign-in-link.ts';
import { checkKept } from '../../src/operate/doctor/keeping.ts';
import { PACKAGE_ROOT } from '../../src/package.ts';
import { startWeb } from '../http/web-server.ts';
import { buildProgram } from '../support/built.ts';
import { runCli } from '../support/cli.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { startSmtp, type TestSmtp } from '../support/smtp.ts';
import { often } from '../support/thorough.ts';
import { until } from '../support/until.ts';
import { copyOf, installedBefore, makeOlderFolder, OLDER, WITHOUT } from './older-server.ts';
import { asking, fillService, sumsOf } from './service.ts';

const READERS = 300;
/** When a move is killed: it said something, or a folder is about to take another name, or just took it. */
const MOMENTS = [
  ...['said Making the indexes', 'after postgres becomes', 'before postgres becomes', 'after postgres.next becomes'],
  ...['said Moving it', 'before postgres.next.new-', 'after postgres.next.new-', 'said Checking what'],
  ...['said Comparing', 'said Bringing it up to date'],
];
const LONG_MS = 300_000;

let smtp: TestSmtp;
/** A filled folder of the older version, of which each test moves a copy; what it holds, and a link to sign in by. */
let [filled, link] = ['', ''];
let held: string[] = [];

beforeAll(async () => {
  if (!OLDER) process.stderr.write(`${WITHOUT}\n`);
  if (!OLDER) return;
  await buildProgram();
  smtp = await startSmtp();
  filled = await makeOlderFolder(async (database) => {
    const ctx = await testContext(database, { SMTP_URL: smtp.url });
    await fillService(ctx, READERS);
    await runDeliver(ctx);
    link = new URL(await makeSignInLink(ctx, 'ada@example.org', 'cli', 'owner')).pathname;
    held = await sumsOf(database.url);
  });
}, LONG_MS);
afterAll(async () => {
  if (!OLDER) return;
  await smtp.close();
  await rm(dirname(filled), { recursive: true, force: true });
});

const made: string[] = [];
afterEach(async () => {
  for (const dir of made.splice(0)) {
    for (const name of readdirSync(dirname(dir))) await stopServer(join(dirname(dir), name));
    await rm(dirname(dir), { recursive: true, force: true, maxRetries: 12, retryDelay: 100 });
  }
});

function copy(): string {
  const dir = copyOf(filled);
  made.push(dir);
  return dir;
}

/** Starts as a release does that brings the older programs too. */
async function start(dir: string, means: Partial<RaiseMeans> = {}, moved: Raised[] = []): Promise<EmbeddedServer> {
  return startEmbedded(dir, {
    older: (major) => (major === OLDER!.major ? OLDER!.bin : null),
    raise: async (move) => void moved.push(await raiseMajor(move, { say: () => {}, ...means })),
  });
}

function startChild(dir: string, moment = ''): ChildProcess & { said: string[] } {
  const args = ['--import', 'tsx', join(PACKAGE_ROOT, 'test', 'support', 'raise-child.ts'), dir, OLDER!.bin, moment];
  const child = spawn(process.execPath, args, { cwd: PACKAGE_ROOT, stdio: ['ignore', 'pipe', 'ignore'] });
  const said: string[] = [];
  child.stdout.on('data', (chunk: Buffer) => said.push(...chunk.toString().split('\n').filter(Boolean)));
  return Object.assign(child, { said });
}

const majorIn = (dir: string) => readFileSync(join(dir, 'PG_VERSION'), 'utf8').trim();
const listing = (dir: string) => readdirSync(dirname(dir)).sort();

/** Checks that everything is in the folder, in the new version, and the old one beside it; nothing else is left. */
async function expectMoved(dir: string): Promise<void> {
  const server = await start(dir, { say: () => expect.fail('it was moved already') });
  expect(await sumsOf(server.url)).toEqual(held);
  await server.release();
  expect([majorIn(dir), majorIn(`${dir}-${OLDER!.major}`)]).toEqual(['18', OLDER!.major]);
  expect(listing(dir)).toEqual(['postgres', `postgres-${OLDER!.major}`]);
}

/** Checks that the folder is as it was: of the older version, with everything in it, and nothing beside it. */
async function expectAsItWas(dir: string): Promise<void> {
  expect([majorIn(dir), listing(dir)]).toEqual([OLDER!.major, ['postgres']]);
  const url = urlOf(dir, await launch(dir, OLDER!.bin));
  expect(await sumsOf(url)).toEqual(held);
  await stopServer(dir);
}

describe('a data folder of an older major version', () => {
  beforeEach(({ skip }) => skip(!OLDER, WITHOUT));

  test(
    'when a release starts that brings both, then all is there again in the new one, and the old one is kept',
    async () => {
      const [dir, moved, said] = [copy(), [] as Raised[], [] as string[]];
      const server = await start(dir, { say: (line) => said.push(line) }, moved);
      expect(await sumsOf(server.url)).toEqual(held);
      expect(moved).toEqual([
        expect.objectContaining({ from: OLDER!.major, to: '18', kept: `${dir}-${OLDER!.major}` }),
      ]);
      expect(said.join('\n')).toMatch(
        new RegExp(
          `^${dir} was made by PostgreSQL ${OLDER!.major}\\. Moving it to 18;[^]*^Moved \\d+ rows of \\d+ tables, read back and compared\\. Kept: ${dir}-${OLDER!.major}\\.`,
          'm',
        ),
      );
      await expectGoesOn(server.url);
      await server.release();
      const [check] = await checkKept(loadConfig({ DATA_DIR: dirname(dir) }));
      expect(check).toMatchObject({ state: 'warning', remedy: `rm -r ${dir}-${OLDER!.major}` });
    },
    LONG_MS,
  );

  /** Who had a mail gets no second one, who joins gets theirs, and a link to sign in that was made before opens. */
  async function expectGoesOn(url: string): Promise<void> {
    const pool = openPool(url, 10, () => {});
    const db = openPrisma(pool);
    const ctx: TestContext = await testContext({ db, pool, url }, { SMTP_URL: smtp.url });
    expect(await db.delivery.count({ where: { state: 'sent', kind: 'newsletter' } })).toBe(READERS);
    const before = smtp.mails.length;
    ctx.setNow('2026-01-05T08:05:00Z');
    await runPlan(ctx);
    await runDeliver(ctx);
    expect(smtp.mails.length).toBe(before);
    const web = await startWeb(ctx);
    const answer = await web.post(link, {});
    expect([answer.status, answer.headers.get('set-cookie')]).toEqual([303, expect.stringContaining('=')]);
    await web.close();
    await db.$disconnect();
    await pool.end();
  }

  test(
    'when npm laid the programs of both out, then the command moves it and says so, and those who look say what moves it',
    async () => {
      const dir = copy();
      const settings = { NODE_PATH: installedBefore(), DATA_DIR: dirname(dir), DATABASE_URL: '' };
      const looked = await runCli(['status'], { url: '', settings });
      expect([looked.code, looked.stderr]).toEqual([1, expect.stringContaining('offprint migrate does')]);
      const { code, stdout, stderr } = await runCli(['migrate'], { url: '', settings });
      expect([code, stdout]).toEqual([0, 'The database is up to date.\n']);
      expect(stderr).toMatch(/Moving it to 18;[^]*Moved \d+ rows of \d+ tables, read back and compared\. Kept: /);
      const server = await start(dir, { say: () => expect.fail('it was moved already') });
      const ofStart = /^(keys|topics):/; // it wraps the ones and brings the others
      expect((await sumsOf(server.url)).filter((sum) => !ofStart.test(sum))).toEqual(
        held.filter((sum) => !ofStart.test(sum)),
      );
      await server.release();
      expect(listing(dir)).toEqual(['postgres', `postgres-${OLDER!.major}`, 'secret']);
    },
    LONG_MS,
  );

  test(
    'when the disk has no room for it, then it is left as it was, and said how much is wanted',
    async () => {
      const dir = copy();
      await expect(start(dir, { free: () => Promise.resolve(1_000_000) })).rejects.toThrow(
        new RegExp(
          `^${dir} stays with PostgreSQL ${OLDER!.major}, and could not be moved to 18: it wants \\d\\d+ MB free in ${dirname(dir)}, and there are 1 MB\\.`,
        ),
      );
      await expectAsItWas(dir);
    },
    LONG_MS,
  );

  test(
    'when it cannot be moved, then it is left as it was, and nothing of the draft',
    async () => {
      const dir = copy();
      const say = (line: string) => {
        if (line.startsWith('Comparing')) throw new Error('the disk is full');
      };
      await expect(start(dir, { say })).rejects.toThrow(/stays with PostgreSQL .*: the disk is full$/);
      await expectAsItWas(dir);
    },
    LONG_MS,
  );

  test(
    'when only somebody looks, then it is left as it was, and said what moves it',
    async () => {
      const dir = copy();
      await expect(startEmbedded(dir, { older: () => OLDER!.bin })).rejects.toThrow(
        `${dir} was made by PostgreSQL ${OLDER!.major}, and this release brings 18, and the means to move it: offprint migrate does, and so does every start.`,
      );
      await expectAsItWas(dir);
    },
    LONG_MS,
  );

  test(
    'when several start at once, then one moves it and the others wait',
    async () => {
      const dir = copy();
      const children = [startChild(dir), startChild(dir), startChild(dir)];
      const ends = await Promise.all(children.map((child) => once(child, 'exit')));
      expect(ends).toEqual(children.map(() => [0, null]));
      expect(children.map(({ said }) => said.length > 1).filter(Boolean)).toHaveLength(1);
      await expectMoved(dir);
    },
    LONG_MS,
  );

  test(
    'when processes of the release before are still at work, then they are joined, and it is moved later',
    async () => {
      const dir = copy();
      await launch(dir, OLDER!.bin);
      const before = await startEmbedded(dir, { older: () => null }); // joins what runs
      const beside = await start(dir, { say: () => expect.fail('it was moved under somebody') });
      expect(beside.url).toBe(before.url);
      await beside.release();
      await before.release();
      await (await start(dir)).release();
      await expectMoved(dir);
    },
    LONG_MS,
  );

  test(
    'when a restore was cut short in it, then the new one is refused as it was',
    async () => {
      const dir = copy();
      const url = urlOf(dir, await launch(dir, OLDER!.bin));
      await asking(url, (client) => markUnfinished(client, 'all.zip'));
      await stopServer(dir);
      const server = await start(dir);
      expect(await asking(server.url, unfinishedRestore)).toBe('all.zip');
      await server.release();
    },
    LONG_MS,
  );

  test.each(['no postgres becomes', 'no postgres.next becomes'])(
    'when a folder takes no other name (%s), then it says so, and the next start has it whole',
    async (moment) => {
      const dir = copy();
      expect(await once(startChild(dir, moment), 'exit')).toEqual([1, null]);
      await (await start(dir)).release();
      await expectMoved(dir);
    },
    LONG_MS,
  );

  test.each(MOMENTS.slice(0, often(MOMENTS.length, 2)))(
    'when it is killed %s, then the next start has it whole',
    async (moment) => {
      const dir = copy();
      const child = startChild(dir, moment.startsWith('said ') ? '' : moment);
      const ended = once(child, 'exit');
      if (moment.startsWith('said '))
        await until(moment, () => child.exitCode !== null || child.said.some((line) => line.includes(moment.slice(5))));
      if (moment.startsWith('said ')) child.kill('SIGKILL');
      expect(await ended).toEqual([null, 'SIGKILL']);
      expect(existsSync(dir) || existsSync(`${dir}-${OLDER!.major}`)).toBe(true);
      await (await start(dir)).release();
      await expectMoved(dir);
    },
    LONG_MS,
  );
});
