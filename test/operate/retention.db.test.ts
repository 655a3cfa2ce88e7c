import { beforeEach, expect, test } from 'vitest';
import { findAnswer, findCapture, keepCapture, keepUpload, loadUploads } from '../../src/db/digests/captures.ts';
import { recordAct } from '../../src/db/operator/audit.ts';
import { actingFrom } from '../../src/db/operator/origin.ts';
import { replayCaptures } from '../../src/ingest/replay.ts';
import { loadCaptureBytes } from '../../src/db/digests/replay.ts';
import { runHousekeeping } from '../../src/operate/housekeeping.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { makeDigest } from '../world/digests.ts';

const database = testDatabase();
let ctx: TestContext;
beforeEach(async () => {
  await database.db.$executeRaw`CALL empty_tables('captures, papers, audit_log')`;
  ctx = await testContext(database, { CAPTURE_DAYS: '100', AUDIT_IP_DAYS: '20' });
  ctx.setNow('2026-01-05T12:00:00Z');
});

const BYTES = Buffer.from('what a source answered');

function keep(name: string, receivedAt: string): Promise<number> {
  const capture = { source: 'list', name, sha256: name.padEnd(64, '0'), bytes: BYTES };
  const result = { digestOn: receivedAt.slice(0, 10) };
  return keepCapture(ctx.db, { ...capture, result, reading: { parserVersion: 1 } }, new Date(receivedAt));
}

test('when captures are older than CAPTURE_DAYS, then their bytes go, and what is known of them stays', async () => {
  const old = await keep('old', '2025-09-01T08:00:00Z');
  const young = await keep('young', '2025-11-01T08:00:00Z');
  expect(await runHousekeeping(ctx)).toMatchObject({ forgottenCaptures: 1 });
  await expect(loadCaptureBytes(ctx.db, old)).rejects.toThrow(/capture \d+ was let go of on 2026-01-05; CAPTURE_DAYS/);
  expect(Buffer.from(await loadCaptureBytes(ctx.db, young)).toString()).toBe(BYTES.toString());
  expect(await findAnswer(ctx.db, 'list', 'old')).toBeNull(); // a backfill asks again
  expect(await ctx.db.capture.count({ where: { sha256: 'old'.padEnd(64, '0') } })).toBe(1);
  expect(await runHousekeeping(ctx)).toMatchObject({ forgottenCaptures: 0 });
});

test('when a list is held, then it keeps its bytes until somebody has decided', async () => {
  await makeDigest(ctx.db, '2025-09-01', ['Held paper'], new Date('2025-09-01T08:00:00Z'), { state: 'held' });
  expect(await runHousekeeping(ctx)).toMatchObject({ forgottenCaptures: 0 });
  await ctx.db.digest.updateMany({ data: { state: 'released' } });
  expect(await runHousekeeping(ctx)).toMatchObject({ forgottenCaptures: 1 });
});

test('when a day is read again of which something was let go of, then it is left out and counted, and not said to be gone', async () => {
  await keep('old', '2025-09-01T08:00:00Z');
  await runHousekeeping(ctx);
  const replay = await replayCaptures(ctx, { from: '2025-08-01', to: '2025-12-31' });
  expect(replay).toMatchObject({ captures: 0, forgotten: 1, entries: [], captureChanges: [] });
});

test('when the same file is handed in after its bytes went, then it is there to be read again', async () => {
  const sha256 = 'old'.padEnd(64, '0');
  await keep('old', '2025-09-01T08:00:00Z');
  await runHousekeeping(ctx);
  const upload = { source: 'list', name: 'old', sha256, bytes: BYTES, on: '2025-09-02' };
  expect(await keepUpload(ctx.db, upload, ctx.now())).toBe(true);
  const [waiting] = await loadUploads(ctx.db);
  expect(Buffer.from(waiting?.bytes ?? []).toString()).toBe(BYTES.toString());
});

test('when what was no digest is one after its bytes went, then they are kept once more, from then on', async () => {
  const capture = { source: 'list', name: 'odd', sha256: 'odd'.padEnd(64, '0'), bytes: BYTES };
  const reading = { parserVersion: 1 };
  const refused = { problem: 'odd: no list day', said: null };
  const id = await keepCapture(ctx.db, { ...capture, result: refused, reading }, new Date('2025-09-01T08:00:00Z'));
  expect(await runHousekeeping(ctx)).toMatchObject({ forgottenCaptures: 1 });
  const taken = { ...capture, result: { digestOn: '2025-09-01' }, reading };
  expect(await keepCapture(ctx.db, taken, ctx.now())).toBe(id);
  expect(await findCapture(ctx.db, 'list', capture.sha256)).toMatchObject({ state: 'parsed', problem: null });
  expect(Buffer.from(await loadCaptureBytes(ctx.db, id)).toString()).toBe(BYTES.toString());
  expect(await runHousekeeping(ctx)).toMatchObject({ forgottenCaptures: 0 });
});

test('when acts are older than AUDIT_IP_DAYS, then it is forgotten where they were done from, and nothing else', async () => {
  for (const at of ['2025-12-01T08:00:00Z', '2026-01-01T08:00:00Z'])
    await actingFrom('192.0.2.0/24', () =>
      recordAct(ctx.db, { at: new Date(at), actor: 'cli', action: 'sending.resume' }),
    );
  expect(await runHousekeeping(ctx)).toMatchObject({ forgottenOrigins: 1 });
  const acts = await ctx.db.auditEntry.findMany({ orderBy: { at: 'asc' } });
  expect(acts.map(({ origin, action }) => [origin, action])).toEqual([
    [null, 'sending.resume'],
    ['192.0.2.0/24', 'sending.resume'],
  ]);
});
