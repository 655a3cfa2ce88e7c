import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { PACKAGE_ROOT } from '../../src/config.ts';
import { readPostmaster } from '../../src/db/embedded/postmaster.ts';
import { startEmbedded } from '../../src/db/embedded/server.ts';
import { until } from '../support/until.ts';

const CHILD = join(PACKAGE_ROOT, 'test', 'support', 'embedded-child.ts');

function startChild(dir: string, mode = 'insert'): ChildProcess & { lines: string[] } {
  const child = spawn(process.execPath, ['--import', 'tsx', CHILD, dir, mode], {
    cwd: PACKAGE_ROOT,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const lines: string[] = [];
  child.stdout?.on('data', (chunk: Buffer) => lines.push(...chunk.toString().split('\n').filter(Boolean)));
  return Object.assign(child, { lines });
}

async function ended(child: ChildProcess): Promise<void> {
  await until('the process ends', () => child.exitCode !== null || child.signalCode !== null);
}

describe('the embedded database', () => {
  let parent: string;
  let dir: string;
  beforeEach(() => {
    parent = mkdtempSync(join(tmpdir(), 'offprint-embedded-'));
    chmodSync(parent, 0o755);
    dir = join(parent, 'postgres');
  });
  afterEach(async () => {
    const left = readPostmaster(dir);
    if (left) process.kill(left.pid, 'SIGKILL');
    await rm(parent, { recursive: true, force: true, maxRetries: 12, retryDelay: 100 }); // orphans may still write
  });

  async function count(): Promise<number> {
    const server = await startEmbedded(dir);
    const client = new pg.Client({ connectionString: server.url });
    await client.connect();
    const { rows } = await client.query<{ count: number }>('SELECT count(*)::int AS count FROM kept');
    await client.end();
    await server.release();
    return rows[0]?.count ?? 0;
  }

  test.each([
    [
      '14',
      'Start a release once that brings both 14 and a newer one (CHANGELOG.md names it): it moves the folder. Or do it yourself. ',
    ],
    ['99', ''],
  ])(
    'when the folder is of major version %s, which we lack, then it is left as it is, and said what to type',
    async (major, first) => {
      mkdirSync(dir);
      writeFileSync(join(dir, 'PG_VERSION'), `${major}\n`);
      const raise = () => expect.fail('it cannot be moved');
      for (const kind of [{}, { raise }])
        await expect(startEmbedded(dir, kind)).rejects.toThrow(
          `${dir} was made by PostgreSQL ${major}, and this release brings 18. ${first}With the release before: offprint backup FILE. ` +
            `Then here: mv ${dir} ${dir}.${major} && offprint restore FILE`,
        );
      expect(readdirSync(dir)).toEqual(['PG_VERSION']);
    },
  );

  test('when a process is killed in the middle of its writes, then the next start loses nothing and finds no lock', async () => {
    const acknowledged = new Set<string>();
    for (let round = 0; round < 3; round++) {
      const child = startChild(dir);
      await until('rows are written', () => child.lines.length > 40);
      child.kill('SIGKILL');
      await ended(child);
      for (const line of child.lines) if (/^\d+$/.test(line)) acknowledged.add(line);
      expect(existsSync(`${dir}.lock`)).toBe(false);
    }
    expect(acknowledged.size).toBeGreaterThanOrEqual(117);
    expect(await count()).toBeGreaterThanOrEqual(acknowledged.size);
  }, 60_000);

  test('when the server itself is killed, then the next start recovers every acknowledged row', async () => {
    const child = startChild(dir);
    await until('rows are written', () => child.lines.length > 100);
    process.kill(readPostmaster(dir)?.pid ?? 0, 'SIGKILL');
    await ended(child).catch(() => child.kill('SIGKILL'));
    const acknowledged = child.lines.filter((line) => /^\d+$/.test(line)).length;
    expect(await count()).toBeGreaterThanOrEqual(acknowledged);
  }, 60_000);

  test('when the first start is killed at any moment, then the next one works', async () => {
    for (const delay of [150, 500, 900]) {
      const child = startChild(dir);
      await sleep(delay + 300); // moments of a start, whatever it is doing then
      child.kill('SIGKILL');
      await ended(child);
    }
    const server = await startEmbedded(dir);
    await server.release();
    expect(readdirSync(parent).filter((name) => name.includes('.new-'))).toEqual([]);
  }, 90_000);

  test('when several processes use it, then they share one server and the last one out stops it', async () => {
    const children = [startChild(dir, 'wait'), startChild(dir, 'wait'), startChild(dir, 'wait')];
    await until('all are ready', () => children.every((child) => child.lines.includes('ready')));
    const pid = readPostmaster(dir)?.pid;
    expect(pid).toBeGreaterThan(0);
    for (const child of children) {
      expect(readPostmaster(dir)?.pid).toBe(pid);
      child.stdin?.write('go\n');
      await ended(child);
      expect(child.exitCode).toBe(0);
    }
    expect(readPostmaster(dir)).toBeNull();
  }, 60_000);

  test('when the server goes away, then its holder is told; when it is let go of, then not', async () => {
    let told = 0;
    const server = await startEmbedded(dir);
    server.onLost(() => told++);
    process.kill(readPostmaster(dir)?.pid ?? 0, 'SIGKILL');
    await until('the holder is told', () => told > 0);
    const again = await startEmbedded(dir);
    again.onLost(() => told++);
    await again.release();
    await sleep(100); // time to be told all the same
    expect(told).toBe(1);
  }, 60_000);

  test('when a draft is there alone that was to come after a folder which is gone, then nothing new is made beside it', async () => {
    mkdirSync(`${dir}.next`);
    writeFileSync(join(`${dir}.next`, 'offprint.succeeds'), 'postgres-17\n');
    await expect(startEmbedded(dir)).rejects.toThrow(`If it is the database: mv ${dir}.next ${dir}.`);
    expect(readdirSync(parent)).toEqual(['postgres.next']);
  });

  test('when the folder holds something else, then it is refused and left as it is', async () => {
    mkdirSync(dir);
    writeFileSync(join(dir, 'thesis.tex'), 'years of work');
    await expect(startEmbedded(dir)).rejects.toThrow(/is not empty and holds no database/);
    expect(readdirSync(dir)).toEqual(['thesis.tex']);
  });
});
