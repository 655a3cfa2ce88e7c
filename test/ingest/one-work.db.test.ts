import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { loadPaper } from '../../src/db/digests/paper-page.ts';
import { storeDigest } from '../../src/ingest/store.ts';
import { addDays } from '../../src/lib/time.ts';
import type { ParsedEntry } from '../../src/model/digest.ts';
import { runPlan } from '../../src/plan/run-plan.ts';
import { testContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { workInEveryForm } from '../world/every-form.ts';
import { newslettersOf, sendAll } from '../world/ledger.ts';
import { makeReader } from '../world/readers.ts';

const database = testDatabase();
const FORMS = Object.keys(workInEveryForm(0));
/** Forwards, backwards, and beginning with each form. */
const ORDERS = [[...FORMS].reverse(), ...FORMS.map((_, at) => [...FORMS.slice(at), ...FORMS.slice(0, at)])];

it('when a work comes in another form each day, in whatever order, then a reader gets it once, and all it was listed as stays', async () => {
  const ctx = await testContext(database);
  const reader = await makeReader(ctx.db, new Date('2026-01-04T12:00:00Z'));
  const idsOn = [] as string[][];
  for (const [at] of FORMS.entries()) {
    const day = addDays('2026-01-05', at);
    ctx.setNow(`${day}T02:00:00Z`);
    for (const [number, order] of ORDERS.entries()) await list(order[at]!, day, workInEveryForm(number)[order[at]!]!);
    ctx.setNow(`${day}T08:00:10Z`);
    await runPlan(ctx);
    await sendAll(ctx.db, ctx.now());
    idsOn.push((await ctx.db.paper.findMany({ select: { publicId: true } })).map(({ publicId }) => publicId));
  }
  const chosen = (await newslettersOf(ctx.db, reader.id)).flatMap(({ papers }) => papers);
  const roots = await ctx.db.paper.findMany({ where: { mergedIntoId: null } });
  expect(roots).toHaveLength(ORDERS.length);
  expect(await ctx.db.entry.count()).toBe(ORDERS.length * FORMS.length);
  const shown = await ctx.db.paper.findMany({
    where: { id: { in: chosen } },
    select: { id: true, mergedIntoId: true },
  });
  const works = chosen
    .map((id) => shown.find((paper) => paper.id === id)!)
    .map(({ id, mergedIntoId }) => mergedIntoId ?? id);
  expect(works.toSorted((a, b) => a - b)).toEqual(roots.map(({ id }) => id).toSorted((a, b) => a - b));
  for (const id of new Set(idsOn.flat())) expect((await loadPaper(ctx.db, id))?.listings).toHaveLength(FORMS.length);

  async function list(form: string, digestOn: string, entry: ParsedEntry) {
    const source = `${form.replaceAll(' ', '-')}-${entry.title.replace(/\D+/g, '')}`;
    const bytes = Buffer.from(`${source} ${digestOn}`);
    const received = { name: `${source}.txt`, bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
    await storeDigest(
      ctx,
      { source, received, reading: { parserVersion: 1 } },
      { digestOn, warnings: [], entries: [entry] },
    );
  }
});
