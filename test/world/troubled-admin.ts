import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { noteTry } from '../../src/db/hooks/messages.ts';
import { closeDeadRuns, startRun } from '../../src/db/operator/runs.ts';
import { setReadersAside } from '../../src/db/subscribers/set-aside.ts';
import { runIngest, ingestInputs } from '../../src/ingest/run-ingest.ts';
import { lastPastDay } from '../../src/ingest/backfill.ts';
import { beginBackfill } from '../../src/operate/errands/backfill.ts';
import { runErrands } from '../../src/operate/errands/run-errands.ts';
import { addDays } from '../../src/lib/time.ts';
import { planningProblem } from '../../src/plan/planning-problem.ts';
import type { TestContext } from '../support/context.ts';
import { hfAnswer } from './captures.ts';
import { makeReader } from './readers.ts';

const BY = 'admin:ada@example.org';

/** A source that can be asked for past days and has none: for a context whose `fetchSource` is `notFound`. */
export const GONE_SOURCE = 'gone=https://papers.example/{date}.json';

/** Answers whatever is asked that there is no such thing. */
export const notFound = () => Promise.resolve(new Response('gone', { status: 404 }));

/** Brings what goes wrong into an installation, as the program itself notes it; returns the errand that failed. */
export async function troubleAdmin(ctx: TestContext): Promise<number> {
  const { db } = ctx;
  const now = ctx.now();
  await ingestInputs(ctx, await oddFiles(now), { source: 'odd' });
  await runIngest(ctx);
  const message = await db.hookMessage.findFirst();
  const tried = { at: now, status: 503, problem: 'answered 503', ms: 20 };
  if (message) await noteTry(db, message.id, tried, { state: 'waiting', nextTryAt: now });
  await startRun(db, 'plan', now);
  await closeDeadRuns(db, 'plan', now);
  const lost = await makeReader(db, now, { timeZone: 'UTC' });
  const { id, timeZone, ...rest } = { ...lost, timeZone: 'Mars/Olympus' };
  await setReadersAside(db, [{ id, problem: planningProblem({ id, schedule: { ...rest, timeZone } }, null) }], now);
  const last = lastPastDay(now);
  const errand = await beginBackfill(ctx, { source: 'gone', from: last, to: last }, BY);
  await runErrands(ctx, 'backfill');
  return errand ?? 0;
}

/** A list whose papers lack their abstracts, a web page, and broken JSON. */
async function oddFiles(now: Date): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'offprint-odd-'));
  const day = addDays(now.toISOString().slice(0, 10), -1);
  const bare = ['Kites', 'Moss', 'Tides'].map((title, n) => ({ title, abstract: '', arxivId: `2601.0000${n}` }));
  const files = {
    [`${day}.json`]: hfAnswer(day, bare),
    'page.html': '<html><title>Hallo</title></html>',
    'b.json': '[',
  };
  return Promise.all(
    Object.entries(files).map(async ([name, text]) => {
      await writeFile(join(folder, name), text);
      return join(folder, name);
    }),
  );
}
