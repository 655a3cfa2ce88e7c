import { createHash } from 'node:crypto';
import type { Context } from '../context.ts';
import { keepPaperEmbeddings, loadEmbeddings, saveEmbeddings, type Embedded } from '../db/interests/embeddings.ts';
import type { WindowPaper } from '../db/interests/matches.ts';
import { deadline } from '../lib/deadline.ts';
import { AppError, messageOf } from '../lib/errors.ts';
import { parseWords, type Interest } from '../model/interest.ts';
import { embeddedNearness } from './embedded.ts';
import { BATCH, fetchEmbeddings } from './fetch.ts';

/**
 * How patient a run is with the endpoint: what is not there by then is matched without, and asked for again by the next
 * run that needs it.
 */
export interface EmbedPatience {
  /** For one answer. */
  timeoutMs: number;
  /** For all answers of a run. */
  runMs: number;
}

const PATIENCE: EmbedPatience = { timeoutMs: 20_000, runMs: 60_000 };

/** One failure may be a text's fault, two are the endpoint's. */
const MOST_FAILURES = 2;

/** Longest text sent, in UTF-16 units: some 500 tokens, what the smaller models read. */
const MAX_TEXT = 2_000;
/** What a cut may leave of a character of two units; not every endpoint can read it. */
const HALF_PAIR = /[\uD800-\uDBFF]$/;

/**
 * Tells of interests how near each paper is, in the order of the papers; leaves out those of which nothing is known.
 */
export type NearnessOf = (interests: readonly Interest[]) => Promise<ReadonlyMap<number, Float32Array>>;

/**
 * Opens the embeddings endpoint for one match run over these papers. Without EMBEDDINGS_URL, or while nobody answers,
 * nothing is known of any interest.
 */
export function openNearness(
  ctx: Context,
  papers: readonly WindowPaper[],
  patience: EmbedPatience = PATIENCE,
): NearnessOf {
  if (ctx.config.EMBEDDINGS_URL === undefined) return () => Promise.resolve(new Map());
  const embed = openEmbedder(ctx, patience);
  let ofPapers: Promise<(Float32Array | undefined)[]> | undefined;
  return async (interests) => {
    const asked = interests.filter(({ kind }) => kind === 'words');
    if (asked.length === 0) return new Map();
    const vectors = await (ofPapers ??= embedPapers(ctx, papers, embed));
    const wanted = await embed(
      'interest',
      asked.map(({ id, key }) => ({ id, text: wordsOf(key) })),
    );
    return new Map([...wanted].map(([id, vector]) => [id, embeddedNearness(vector, vectors)]));
  };
}

type Embed = (kind: Embedded, texts: readonly { id: number; text: string }[]) => Promise<Map<number, Float32Array>>;

async function embedPapers(ctx: Context, papers: readonly WindowPaper[], embed: Embed) {
  await keepPaperEmbeddings(
    ctx.db,
    papers.map(({ id }) => id),
  );
  const found = await embed(
    'paper',
    papers.map(({ id, title, abstract }) => ({ id, text: `${title}\n${abstract}` })),
  );
  return papers.map(({ id }) => found.get(id));
}

/** Gives vectors as far as they are stored or can be had. */
function openEmbedder(ctx: Context, { timeoutMs, runMs }: EmbedPatience): Embed {
  const endsAt = performance.now() + runMs;
  let failures = 0;
  let size: number | undefined;
  return async (kind, texts) => {
    const wanted = texts.map(({ id, text }) => hashed(ctx, id, text.slice(0, MAX_TEXT).replace(HALF_PAIR, '')));
    const found = await loadEmbeddings(ctx.db, kind, wanted);
    size ??= found.values().next().value?.length;
    const missing = wanted.filter(({ id, text }) => !found.has(id) && text.trim() !== '');
    for (let at = 0; at < missing.length && failures < MOST_FAILURES; at += BATCH) {
      const batch = missing.slice(at, at + BATCH);
      const vectors = await fetchBatch(batch).catch((error: unknown) => {
        ctx.log.warn({ problem: messageOf(error), kind }, 'embeddings are left out');
        failures++;
        return [];
      });
      const made = vectors.flatMap((vector, nth) => (batch[nth] ? [{ ...batch[nth], vector }] : []));
      if (made.length > 0) await saveEmbeddings(ctx.db, kind, made);
      for (const { id, vector } of made) found.set(id, vector);
    }
    return found;
  };

  async function fetchBatch(batch: readonly { text: string }[]): Promise<Float32Array[]> {
    const limit = deadline(Math.max(0, Math.min(timeoutMs, endsAt - performance.now())));
    const texts = batch.map(({ text }) => text);
    const vectors = await fetchEmbeddings(ctx, texts, limit.signal).finally(limit.done);
    const length = vectors[0]?.length;
    size ??= length;
    if (length === size) return vectors;
    const problem = `answered vectors of ${length} numbers where those stored have ${size}`;
    throw new AppError('unavailable', `${problem}; a changed model needs another EMBEDDINGS_MODEL`);
  }
}

function hashed({ config }: Context, id: number, text: string) {
  const hash = createHash('sha256')
    .update(JSON.stringify([config.EMBEDDINGS_MODEL, text]))
    .digest('hex');
  return { id, text, hash };
}

/** What is asked for, without what is not wanted. */
function wordsOf(key: string): string {
  const { words, phrases } = parseWords(key);
  return [...phrases, ...words].join(' ');
}
