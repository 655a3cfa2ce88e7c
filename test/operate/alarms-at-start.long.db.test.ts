import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { freePort, readPostmaster } from '../../src/db/embedded/postmaster.ts';
import { hookReceiver, type HookReceiver } from '../hooks/hook-receiver.ts';
import { cliPlace } from '../support/cli.ts';
import { testDatabase } from '../support/database.ts';
import { until } from '../support/until.ts';
import { startWire } from '../support/wire.ts';

const SECRET = `whsec_${Buffer.alloc(32, 9).toString('base64')}`;
const AWAY = 'postgresql://postgres@127.0.0.1:9/none';

const database = testDatabase();
let receiver: HookReceiver;
let data: string;
const children = new Set<ChildProcess>();

beforeEach(async () => {
  receiver = await hookReceiver();
  data = mkdtempSync(join(tmpdir(), 'offprint-away-'));
});
afterEach(async () => {
  for (const child of children) {
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
  await receiver.close();
});

interface Started {
  ended: Promise<number | null>;
  hasStarted: () => boolean;
}

/** Starts the built program; without an address on the embedded database of DATA_DIR. */
async function start(args: string[], url: string | null): Promise<Started> {
  const port = await freePort();
  const { env, cwd } = cliPlace(url ?? '', {
    ...{ DATA_DIR: data, PORT: String(port), PUBLIC_URL: `http://localhost:${port}`, DRAIN_SECONDS: '0' },
    ...{ ALARM_URLS: `${receiver.url}#${SECRET}`, LOG_LEVEL: 'silent' },
  });
  const child = spawn(process.execPath, ['dist/cli.js', ...args], {
    ...{ cwd, env: { ...env, DATABASE_URL: url ?? undefined } },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  children.add(child);
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const ended = once(child, 'exit').then(([code]) => {
    children.delete(child);
    return code as number | null;
  });
  return { ended, hasStarted: () => /Sign up:|Working\./.test(said) };
}

const told = () =>
  receiver.received.map(({ body }) => {
    const { type, data: alarm } = JSON.parse(body) as {
      type: string;
      data: { code: string; subject: string; lines: string[] };
    };
    return [type, alarm.code, alarm.subject, alarm.lines.find((line) => line.startsWith('To type: '))];
  });

test('when processes cannot start since the database is away, then that is told once however often they try, again after six hours, and that it is over', async () => {
  const opened = [
    ...['alarm.opened', 'database-away'],
    expect.stringMatching(
      /^Offprint cannot start without its database: No PostgreSQL answers at 127\.0\.0\.1:9/,
    ) as string,
    'To type: offprint doctor',
  ];
  for (const command of ['serve', 'worker', 'serve']) {
    expect(await (await start([command], AWAY)).ended).not.toBe(0);
    expect(told()).toEqual([opened]);
  }
  const mark = join(data, 'database-away');
  const at = new Date(readFileSync(mark, 'utf8').trim());
  writeFileSync(mark, new Date(at.getTime() - 6 * 3_600_000).toISOString());
  await (
    await start(['worker'], AWAY)
  ).ended;
  expect(told().map(([type]) => type)).toEqual(['alarm.opened', 'alarm.again']);

  const { hasStarted } = await start(['worker'], database.url);
  await until('it has started', hasStarted, 120);
  expect(told().slice(2)).toEqual([
    [
      ...['alarm.over', 'database-away'],
      expect.stringMatching(/^The database answers again; it was away since /) as string,
      'To type: offprint status',
    ],
  ]);
  expect(existsSync(mark)).toBe(false);
}, 300_000);

test('when a process that told of it is started again while the database is away, then it is told once, and once that it is over', async () => {
  const wire = await startWire(database.url);
  const first = await start(['serve'], wire.url);
  await until('it has started', first.hasStarted, 180);
  wire.cut();
  await until('it tells', () => told().length > 0, 180);
  for (const child of children) child.kill('SIGTERM');
  await first.ended;
  expect(await (await start(['serve'], wire.url)).ended).not.toBe(0);
  expect(told().map(([type, , subject]) => [type, subject])).toEqual([
    ['alarm.opened', expect.stringMatching(/^The database /)],
  ]);
  wire.mend();
  const again = await start(['serve'], wire.url);
  await until('it has started', again.hasStarted, 180);
  expect(told().map(([type]) => type)).toEqual(['alarm.opened', 'alarm.over']);
  await wire.close();
}, 400_000);

test('when the embedded database is killed, then the process tells before it ends, and the next one that it is over', async () => {
  const first = await start(['serve'], null);
  await until('it has started', first.hasStarted, 180);
  expect(told()).toEqual([]);
  process.kill(readPostmaster(join(data, 'postgres'))!.pid, 'SIGKILL');
  expect(await first.ended).toBe(1);
  expect(told()).toEqual([
    [
      ...['alarm.opened', 'database-away'],
      'The embedded database went away; the process ends, so that a restart brings it back',
      'To type: offprint doctor',
    ],
  ]);
  const second = await start(['serve'], null);
  await until('it has started', second.hasStarted, 180);
  expect(told().map(([type]) => type)).toEqual(['alarm.opened', 'alarm.over']);
}, 400_000);
