import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { transaction } from '../../src/db/client.ts';
import { listCandidateEntries } from '../../src/db/digests/entries.ts';
import { loadPaperDossier } from '../../src/db/digests/paper-dossier.ts';
import { mergePapers } from '../../src/db/digests/papers.ts';
import { storeDigest } from '../../src/ingest/store.ts';
import type { ParsedEntry } from '../../src/model/digest.ts';
import { takeBack } from '../../src/operate/take-back.ts';
import { withholdPaper } from '../../src/operate/withhold-paper.ts';
import { testContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { until } from '../support/until.ts';
import { sampleEntry } from '../world/papers.ts';

const database = testDatabase();
const DAY = '2026-01-05';
let works = 0;

/** A work that is known as two papers: by the DOI of its journal, and by arXiv's id under another title. */
async function work() {
  const ctx = await testContext(database);
  ctx.setNow(`${DAY}T09:00:00Z`);
  const number = ++works;
  const [doi, arxivId] = [`10.1234/kelp.${number}`, `2601.0000${number}`];
  const list = async (source: string, given: Partial<ParsedEntry>) => {
    const bytes = Buffer.from(`${source} ${number}`);
    const received = { name: `${source}.txt`, bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
    const entry = { ...sampleEntry(number), arxivId: null, doi: null, comments: 0, ...given, position: 1 };
    const digest = { digestOn: DAY, warnings: [], entries: [entry] };
    const capture = { source: `${source}-${number}`, received, reading: { parserVersion: 1 } };
    await storeDigest(ctx, capture, digest);
  };
  await list('journal', { doi, title: `Kelp as it is printed, part ${number}` });
  await list('arxiv', { arxivId, title: `A draft on seaweed, part ${number}` });
  const idOf = async (kind: 'doi' | 'arxiv', value: string) =>
    (await ctx.db.paperIdentity.findFirstOrThrow({ where: { kind, value }, select: { paper: true } })).paper;
  const [printed, draft] = [await idOf('doi', doi), await idOf('arxiv', arxivId)];
  return {
    ...{ ctx, printed, draft },
    tie: () => list('both', { doi, arxivId, title: `Kelp as it is printed, part ${number}` }),
    standing: async () => {
      const { id, withheldAt } = (await loadPaperDossier(ctx.db, printed.publicId))!;
      const candidates = await listCandidateEntries(ctx.db, { from: DAY, to: DAY });
      const isOffered = candidates.some(({ paperId }) => paperId === printed.id || paperId === draft.id);
      return { root: id, isWithheld: withheldAt !== null, isOffered };
    },
  };
}

it.each(['printed', 'draft'] as const)(
  'when the %s one of two papers was withheld that turn out to be one, then that stays withheld until it is taken back',
  async (which) => {
    const { ctx, tie, standing, draft, ...rest } = await work();
    await withholdPaper(ctx, { draft, ...rest }[which].publicId, true, 'cli');
    const act = await ctx.db.auditEntry.findFirstOrThrow({ orderBy: { id: 'desc' } });
    await tie();
    expect(await standing()).toEqual({ root: draft.id, isWithheld: true, isOffered: false });
    expect(await takeBack(ctx, act.id, 'cli')).toMatchObject({ outcome: 'taken-back' });
    expect(await standing()).toEqual({ root: draft.id, isWithheld: false, isOffered: true });
  },
);

it('when a merged one is freed by its page, then it is free', async () => {
  const { ctx, tie, standing, printed } = await work();
  await withholdPaper(ctx, printed.publicId, true, 'cli');
  await tie();
  expect(await withholdPaper(ctx, printed.publicId, false, 'cli')).toEqual({ outcome: 'freed' });
  expect(await standing()).toMatchObject({ isWithheld: false, isOffered: true });
});

it('when a paper is withheld while it is merged, then what it is part of is withheld', async () => {
  const { ctx, standing, printed, draft } = await work();
  const waits = async () => {
    const { rowCount } = await database.pool.query(
      `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    return rowCount === 1;
  };
  let withheld: ReturnType<typeof withholdPaper> | undefined;
  await transaction(ctx.db, async (tx) => {
    await mergePapers(tx, [{ from: printed.id, into: draft.id }]);
    withheld = withholdPaper(ctx, printed.publicId, true, 'cli');
    await until('withholding waits for the merge', waits);
  });
  expect(await withheld).toEqual({ outcome: 'withheld' });
  expect(await standing()).toEqual({ root: draft.id, isWithheld: true, isOffered: false });
});
