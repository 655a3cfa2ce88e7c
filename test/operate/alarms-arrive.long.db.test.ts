import { mkdtempSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { PACKAGE_ROOT } from '../../src/config.ts';
import { freePort } from '../../src/db/embedded/postmaster.ts';
import { runCli } from '../support/cli.ts';
import { testDatabase } from '../support/database.ts';
import { startSmtp, type TestSmtp } from '../support/smtp.ts';
import { until } from '../support/until.ts';
import { startWire, type Wire } from '../support/wire.ts';
import { hfAnswer } from '../world/captures.ts';
import { planMany } from '../world/mails.ts';
import { startAlarmed, type AlarmedService } from './alarmed-service.ts';

/** From the trouble to the place that hears of it. */
const MOST_SECONDS = 120;
const TIMEOUT = 900_000;

const database = testDatabase();
const clearings: (() => unknown)[] = [];
afterEach(async () => {
  for (const clear of clearings.splice(0).reverse()) await clear();
});

async function wireTo(url: string): Promise<Wire> {
  const wire = await startWire(url);
  clearings.push(() => wire.close());
  return wire;
}

async function start(...[url, settings, node]: Parameters<typeof startAlarmed>): Promise<AlarmedService> {
  const service = await startAlarmed(url, settings, node);
  clearings.push(() => service.stop());
  return service;
}

/** Causes a trouble and ends it: each is told in time, with what to type, and once. */
async function comesAndGoes(
  service: AlarmedService,
  code: string,
  trouble: { cause: () => unknown; typed: RegExp; end: () => unknown },
): Promise<string> {
  const causedMs = performance.now();
  await trouble.cause();
  const opened = await service.hears(code, 'opened', causedMs);
  const { lines, page } = opened.alarm.data;
  expect([lines.find((line) => line.startsWith('To type: ')), page]).toEqual([
    expect.stringMatching(trouble.typed),
    `docs/operate/alarms.md#${code}`,
  ]);
  const endedMs = performance.now();
  await trouble.end();
  const over = await service.hears(code, 'over', endedMs);
  expect(service.alarms(code, causedMs).map(({ type }) => type)).toEqual(['alarm.opened', 'alarm.over']);
  const told = `${code}: told after ${Math.round(opened.seconds)} s («${opened.alarm.data.subject}»)`;
  expect([told, opened.seconds <= MOST_SECONDS]).toEqual([told, true]);
  return `${told}, its end after ${Math.round(over.seconds)} s`;
}

/** A list of today, as a source gives it. */
function list(folder: string, day: string): void {
  const papers = Array.from({ length: 12 }, (_, n) => ({
    title: `On the ${day} paper number ${n} of a list`,
    abstract: `What it says of ${day} in a few words, ${n}.`,
    arxivId: `2601.${String(Number(day.slice(8)) * 100 + n).padStart(5, '0')}`,
  }));
  writeFileSync(join(folder, `${day}.json`), hfAnswer(day, papers));
}

test(
  'when the relay is down, the disk full, no digest there for days and bounces silent, then each alarm arrives within two minutes, says what to type, and ends',
  async () => {
    let smtp: TestSmtp = await startSmtp();
    clearings.push(() => smtp.close());
    const [port, sources] = [await freePort(), mkdtempSync(join(tmpdir(), 'offprint-lists-'))];
    const proxy = await wireTo(`http://127.0.0.1:${port}`);
    proxy.cut();
    const data = join(mkdtempSync(join(tmpdir(), 'offprint-full-')), 'data');
    const room = mkdtempSync(join(tmpdir(), 'offprint-room-'));
    symlinkSync(room, data);
    const day = (daysAgo: number) => new Date(Date.now() - daysAgo * 86_400_000).toISOString().slice(0, 10);
    list(sources, day(1));
    const settings = {
      ...{ PORT: String(port), DATA_DIR: data, SMTP_URL: smtp.url, SOURCES: `lists=${sources}` },
      ...{ PUBLIC_URL: new URL(proxy.url).origin, WEBHOOK_SECRET: `whsec_${Buffer.alloc(32, 5).toString('base64')}` },
    };
    const service = await start(database.url, settings);
    await until('its list is there', async () => (await database.db.digest.count()) > 0, 120);
    const told = await Promise.all([
      comesAndGoes(service, 'sending-paused', {
        cause: () => smtp.close().then(() => planMany(database.db, 20)),
        typed: /offprint doctor/,
        end: async () => (smtp = await startSmtp({ port: smtp.port })),
      }),
      comesAndGoes(service, 'disk-low', {
        // A file system without any room, which no user can write to: its free bytes are 0.
        cause: () => (unlinkSync(data), symlinkSync('/proc', data)),
        typed: /df -h/,
        end: () => (unlinkSync(data), symlinkSync(room, data)),
      }),
      comesAndGoes(service, 'no-digest', {
        cause: () => database.pool.query(`UPDATE digests SET arrived_at = now() - interval '5 days'`),
        typed: /offprint sources/,
        end: () => list(sources, day(0)),
      }),
      comesAndGoes(service, 'bounces-silent', {
        cause: () => {}, // the proxy was cut before: housekeeping has tried it, or does in its first minute
        typed: /offprint feedback test/,
        end: async () => {
          proxy.mend();
          const tried = await runCli(['feedback', 'test', '--json'], { url: database.url, settings });
          expect([tried.code, tried.json()]).toEqual([0, [expect.objectContaining({ outcome: 'heard' })]]);
        },
      }),
    ]);
    console.log(told.join('\n'));
  },
  TIMEOUT,
);

test(
  'when the database is gone, then the alarm leaves without it within two minutes, once, and it is told when it is back',
  async () => {
    const wire = await wireTo(database.url);
    const service = await start(wire.url);
    console.log(
      await comesAndGoes(service, 'database-away', {
        cause: () => wire.cut(),
        typed: /offprint doctor/,
        end: () => wire.mend(),
      }),
    );
  },
  TIMEOUT,
);

test(
  'when the clock is off by an hour, then the alarm arrives within two minutes, says what to type, and ends when it is set',
  async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'offprint-clock-')), 'shift');
    writeFileSync(file, '0');
    const preload = pathToFileURL(join(PACKAGE_ROOT, 'test', 'support', 'set-clock.mjs')).href;
    const service = await start(database.url, { TEST_CLOCK_FILE: file }, ['--import', preload]);
    for (const hour of [3_600_000, -3_600_000]) {
      console.log(
        await comesAndGoes(service, 'clock-off', {
          cause: () => writeFileSync(file, String(hour)),
          typed: /timedatectl/,
          end: () => writeFileSync(file, '0'),
        }),
      );
    }
  },
  TIMEOUT,
);
