import { z } from 'zod';
import type { Context } from '../context.ts';
import { AppError, messageOf } from '../lib/errors.ts';
import { readCapped } from '../lib/read-capped.ts';
import { scalarProduct } from './embedded.ts';
import { toUnit } from './unit-length.ts';

/** Most texts asked about at once. */
export const BATCH = 32;
const MAX_DIMENSIONS = 8_192;
/** Some 25 characters a number, and as much again for what stands around them. */
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

const answerSchema = z.object({
  data: z.array(
    z.object({
      index: z.number().int().optional(),
      embedding: z.array(z.number()).min(1).max(MAX_DIMENSIONS),
    }),
  ),
});

/**
 * Asks the embeddings endpoint (POST as in https://platform.openai.com/docs/api-reference/embeddings) for a vector of
 * each text, and brings each to length 1. Throws AppError unavailable where it doesn't answer, or answers with anything
 * but as many vectors of one length.
 */
export async function fetchEmbeddings(
  ctx: Pick<Context, 'fetch' | 'config'>,
  texts: readonly string[],
  signal: AbortSignal,
): Promise<Float32Array[]> {
  const bytes = await ask(ctx, texts, signal).catch((error: unknown) => {
    if (error instanceof AppError) throw error;
    const cause = error instanceof Error && error.cause ? ` (${messageOf(error.cause)})` : '';
    throw new AppError('unavailable', `${messageOf(error)}${cause}`, { cause: error });
  });
  const answer = answerSchema.safeParse(parseJson(bytes.toString('utf8')));
  if (!answer.success)
    throw new AppError('unavailable', 'answered something else; expected {"data":[{"embedding":[numbers]}]}');
  const vectors: Float32Array[] = [];
  for (const [at, { index, embedding }] of answer.data.data.entries()) vectors[index ?? at] = unitOf(embedding);
  const [first] = vectors;
  const whole = texts.every((_, at) => vectors[at] !== undefined && vectors[at].length === first?.length);
  if (!whole || vectors.length !== texts.length)
    throw new AppError('unavailable', `answered other vectors than the ${texts.length} of one length asked for`);
  return vectors;
}

async function ask(
  { fetch, config }: Pick<Context, 'fetch' | 'config'>,
  texts: readonly string[],
  signal: AbortSignal,
): Promise<Buffer> {
  const response = await fetch(config.EMBEDDINGS_URL ?? '', {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(config.EMBEDDINGS_KEY === undefined ? {} : { authorization: `Bearer ${config.EMBEDDINGS_KEY}` }),
    },
    body: JSON.stringify({ model: config.EMBEDDINGS_MODEL, input: texts }),
    redirect: 'error', // what readers ask for goes where the operator said, and nowhere else
    signal,
  });
  if (!response.ok) {
    await response.body?.cancel();
    throw new AppError('unavailable', `answered ${response.status}`);
  }
  const bytes = await readCapped(response, MAX_ANSWER_BYTES);
  if (bytes === null) throw new AppError('unavailable', `answered more than ${MAX_ANSWER_BYTES} bytes`);
  return bytes;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function unitOf(numbers: readonly number[]): Float32Array {
  const vector = Float32Array.from(numbers);
  toUnit(vector, 0, vector.length);
  if (!(Math.abs(scalarProduct(vector, vector) - 1) < 1e-3))
    throw new AppError('unavailable', 'answered a vector that has no direction');
  return vector;
}
