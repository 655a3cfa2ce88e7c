import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { cliPlace, runCli } from '../support/cli.ts';
import { testDatabase } from '../support/database.ts';
import { hfAnswer } from '../world/captures.ts';

const database = testDatabase();
const DAYS = 40;

test('when a backfill is killed and started again, then it asks for what is missing alone, and ends with every day', async () => {
  const asked: string[] = [];
  let heard: (many: number) => void = () => {};
  const server = createServer((req, res) => {
    const day = (req.url ?? '').slice(-10);
    heard(asked.push(day));
    setTimeout(
      () => res.end(hfAnswer(day, [{ title: `Kelp on ${day}`, arxivId: `2501.${day.slice(5, 7)}${day.slice(8)}0` }])),
      10,
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/?date={date}`;
  const settings = { SOURCES: `own=${address}`, ALLOW_PRIVATE_SOURCES: 'on' };
  const command = ['ingest', '--backfill', '2025-01-01', '2025-02-09', 'own', '--json'];

  const child = spawn(process.execPath, ['dist/cli.js', ...command], cliPlace(database.url, settings));
  await new Promise<void>((resolve) => (heard = (many) => (many >= 8 ? resolve() : undefined)));
  const ended = new Promise((resolve) => child.once('close', resolve));
  child.kill('SIGKILL');
  await ended;
  const before = [...asked];
  asked.length = 0;
  const run = await runCli(command, { url: database.url, settings });
  expect([run.code, run.stderr]).toEqual([0, '']);
  expect(run.json()).toEqual([expect.objectContaining({ source: 'own', days: DAYS, problems: [] })]);
  expect(asked.filter((day) => before.slice(0, -2).includes(day))).toEqual([]); // the last may not have been stored
  expect(new Set([...before, ...asked]).size).toBe(DAYS);
  expect(await database.db.digest.count({ where: { source: 'own', state: 'accepted' } })).toBe(DAYS);
  expect(await database.db.paper.count({ where: { arrivedAt: { not: null } } })).toBe(0);
  server.close();
});

test.each([
  [['2025-01-01'], 'expected two dates'],
  [['2025-01-01', '2025-01-02', 'nowhere'], '«nowhere»: expected the name of a source'],
  [['2025-01-01', '2025-01-02', '--dry-run'], '--dry-run: a backfill has none'],
  [['2025-01-01', '2025-01-02', '--source', 'nothing'], '--source: expected the names of sources behind the two dates'],
  [['2025-01-01', '2025-01-02', '--on', '2025-01-01'], '--on: expected the days as the two dates'],
  [['2025-01-01', '2025-01-02'], 'No source of SOURCES can tell its past'],
])('when a backfill is asked for with %j, then it says what was expected', async (words, said) => {
  const run = await runCli(['ingest', '--backfill', ...words], { url: database.url });
  expect([run.code, run.stderr]).toEqual([2, expect.stringContaining(said)]);
});
