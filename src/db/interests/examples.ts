import { joinExamples, type Example, type HeldExample } from '../../model/example.ts';
import { titleIdentity } from '../../model/identity.ts';
import type { Like, Wish } from '../../model/interest.ts';
import type { Tx } from '../client.ts';
import { int4, orNull, text, texts } from '../columns.ts';
import { knownPapers } from '../digests/papers.ts';
import { command, query, sql } from '../statement.ts';

/** Examples as they are held, and what they are not examples of. */
export interface HeldLike extends Like {
  examples: readonly HeldExample[];
}

const storeExamples = command(
  'store examples',
  (given: { rows: string }) => sql`
    INSERT INTO interest_examples (interest_id, place, arxiv_id, doi, title, abstract, paper_id)
    SELECT interest_id, place, arxiv_id, doi, title, abstract, paper_id
    FROM jsonb_to_recordset(${given.rows}::jsonb) AS r(interest_id int, place int, arxiv_id text, doi text, title text, abstract text, paper_id int)
    ON CONFLICT DO NOTHING`,
);

const leaveOut = command(
  'leave concepts out',
  (given: { id: number; leftOut: readonly string[] }) => sql`
    UPDATE interests SET left_out = ${given.leftOut}::text[] WHERE id = ${given.id} AND left_out <> ${given.leftOut}::text[]`,
);

/** Keeps the examples of interests of kind like, joined with the papers that are known; those kept already stay. */
export async function keepExamples(db: Tx, likes: readonly { id: number; like: Like }[]): Promise<void> {
  for (const { id, like } of likes) {
    const paperIds = await findPapers(db, like.examples);
    const rows = like.examples.map(({ arxivId, doi, title, abstract }, place) => ({
      ...{ interest_id: id, place, arxiv_id: arxivId, doi, title, abstract },
      paper_id: paperIds[place],
    }));
    await storeExamples(db, { rows: JSON.stringify(rows) });
    await leaveOut(db, { id, leftOut: [...like.leftOut] });
  }
}

/** Finds which known paper each example is; null: none of them. */
async function findPapers(db: Tx, examples: readonly Example[]): Promise<(number | null)[]> {
  const named = <T>(values: readonly (T | null)[]) => values.filter((value) => value !== null);
  const known = await knownPapers(db, {
    arxivIds: named(examples.map(({ arxivId }) => arxivId)),
    dois: named(examples.map(({ doi }) => doi)),
    titleKeys: examples.map(({ title }) => titleIdentity(title)).filter(Boolean),
  });
  return joinExamples(examples, known);
}

/** Gives examples the papers they are, and the titles and abstracts that those have and they lack. */
async function holdExamples(db: Tx, like: Like): Promise<HeldLike> {
  const paperIds = await findPapers(db, like.examples);
  const papers = await textsOfPapers(db, { ids: paperIds.filter((id) => id !== null) });
  const byId = new Map(papers.map((paper) => [paper.id, paper]));
  const examples = like.examples.map((example, at) => {
    const paper = byId.get(paperIds[at] ?? 0);
    return { ...withTextOf(example, paper), paperId: paper?.id ?? null };
  });
  return { ...like, examples };
}

/** Gives the wishes among these that are examples the same. */
export async function holdWishes(db: Tx, wishes: readonly Wish[]): Promise<Wish[]> {
  const held: Wish[] = [];
  for (const wish of wishes) held.push(wish.like ? { ...wish, like: await holdExamples(db, wish.like) } : wish);
  return held;
}

function withTextOf(example: Example, paper: { title: string; abstract: string } | undefined): Example {
  return { ...example, title: paper?.title || example.title, abstract: paper?.abstract || example.abstract };
}

const textsOfPapers = query(
  'texts of example papers',
  { id: int4, title: text, abstract: text },
  (given: { ids: readonly number[] }) =>
    sql`SELECT id, title, abstract FROM papers WHERE id = ANY(${given.ids}::int[])`,
);

const heldExamples = query(
  'examples of interests',
  {
    interestId: int4,
    leftOut: texts,
    arxivId: orNull(text),
    doi: orNull(text),
    title: text,
    abstract: text,
    paperId: orNull(int4),
    paperTitle: orNull(text),
    paperAbstract: orNull(text),
  },
  (given: { ids: readonly number[] }) => sql`
    SELECT e.interest_id AS "interestId", i.left_out AS "leftOut", e.arxiv_id AS "arxivId", e.doi, e.title, e.abstract,
      r.id AS "paperId", r.title AS "paperTitle", r.abstract AS "paperAbstract"
    FROM interest_examples e
    JOIN interests i ON i.id = e.interest_id
    LEFT JOIN papers p ON p.id = e.paper_id
    LEFT JOIN papers r ON r.id = COALESCE(p.merged_into_id, p.id)
    WHERE e.interest_id = ANY(${given.ids}::int[])
    ORDER BY e.interest_id, e.place`,
);

/** Loads the examples of interests as they were given, beside the paper each one is. */
async function loadRows(db: Tx, ids: readonly number[]) {
  return ids.length === 0 ? [] : heldExamples(db, { ids: [...ids] });
}

/** Loads examples with all that is known of them, by interest: what matching and pages read. */
export async function loadHeldLikes(db: Tx, ids: readonly number[]): Promise<Map<number, HeldLike>> {
  return likesOf(await loadRows(db, ids), true);
}

/** Loads examples as they were given, by interest: what is shown to their reader and kept when they change. */
export async function loadGivenLikes(db: Tx, ids: readonly number[]): Promise<Map<number, HeldLike>> {
  return likesOf(await loadRows(db, ids), false);
}

function likesOf(rows: Awaited<ReturnType<typeof loadRows>>, filled: boolean): Map<number, HeldLike> {
  const likes = new Map<number, { examples: HeldExample[]; leftOut: readonly string[] }>();
  for (const { interestId, leftOut, paperTitle, paperAbstract, paperId, ...given } of rows) {
    const like = likes.get(interestId) ?? { examples: [], leftOut };
    const paper = { title: paperTitle ?? '', abstract: paperAbstract ?? '' };
    like.examples.push({ ...(filled ? withTextOf(given, paper) : given), paperId });
    likes.set(interestId, like);
  }
  return likes;
}

const unknownExamples = query(
  'examples not known yet',
  { interestId: int4, place: int4, arxivId: orNull(text), doi: orNull(text), title: text, abstract: text },
  () => sql`
    SELECT e.interest_id AS "interestId", e.place, e.arxiv_id AS "arxivId", e.doi, e.title, e.abstract
    FROM interest_examples e
    WHERE e.paper_id IS NULL AND EXISTS (
      SELECT 1 FROM paper_identities i
      WHERE (i.kind = 'arxiv' AND i.value = e.arxiv_id) OR (i.kind = 'doi' AND i.value = e.doi))`,
);

const recognise = command(
  'recognise examples',
  (given: { interestIds: number[]; places: number[]; paperIds: number[] }) => sql`
    WITH found AS (
      SELECT * FROM unnest(${given.interestIds}::int[], ${given.places}::int[], ${given.paperIds}::int[]) AS f(interest_id, place, paper_id)),
    joined AS (
      UPDATE interest_examples e SET paper_id = f.paper_id FROM found f
      WHERE e.interest_id = f.interest_id AND e.place = f.place RETURNING e.interest_id)
    UPDATE interests SET matcher_version = NULL WHERE id IN (SELECT interest_id FROM joined)`,
);

/**
 * Joins examples with the papers that have come since they were given, by arXiv id or DOI; their interests are compared
 * anew. Returns how many interests that concerns.
 */
export async function recogniseExamples(db: Tx): Promise<number> {
  const waiting = await unknownExamples(db, {});
  if (waiting.length === 0) return 0;
  const paperIds = await findPapers(db, waiting);
  const found = waiting.flatMap((one, at) => (paperIds[at] == null ? [] : [{ ...one, paperId: paperIds[at] }]));
  return recognise(db, {
    interestIds: found.map(({ interestId }) => interestId),
    places: found.map(({ place }) => place),
    paperIds: found.map(({ paperId }) => paperId),
  });
}
