import type { Context } from '../context.ts';
import { listReadersFitting, MOST_COUNTED } from '../db/interests/paper-matches.ts';
import { knowledgeInForce } from '../match/knowledge.ts';
import { matcherVersion } from '../match/matcher.ts';

/** Readers shown as examples. */
const SAMPLE = 10;

/** Whom a paper fits who has not had it: how many, as far as is counted, and some of them. */
export interface FittingReaders {
  count: number;
  /** There are more than were counted. */
  isMore: boolean;
  sample: { publicId: string; email: string }[];
}

/** Counts the readers to whom a paper may come, and names some. */
export async function readersFitting(ctx: Context, paperId: number): Promise<FittingReaders> {
  const found = await listReadersFitting(ctx.db, { paperId, version: versionNow(ctx), most: MOST_COUNTED + 1 });
  const isMore = found.length > MOST_COUNTED;
  return { count: Math.min(found.length, MOST_COUNTED), isMore, sample: found.slice(0, SAMPLE) };
}

/** Returns the version of the matcher in use, with the operator's own concepts. */
export function versionNow(ctx: Context): number {
  return matcherVersion(knowledgeInForce(ctx.config.CONCEPTS_FILE));
}
