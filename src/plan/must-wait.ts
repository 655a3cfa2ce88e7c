import type { Unmatched } from '../db/interests/plan-readiness.ts';

/** How long a slot waits for the match job, so that a reader does not miss the papers that came a minute before. */
const MATCH_GRACE_MS = 15 * 60_000;

/**
 * Tells what a reader waits for at a slot: a reader whose interests, or whose papers of these minutes, are not matched
 * yet would get less than they asked for. Null where nothing keeps them.
 */
export function waitsForMatching(
  interests: readonly number[],
  { unmatched, papersUnmatched }: { unmatched: Unmatched; papersUnmatched: boolean },
  slotAt: Date,
  now: Date,
): 'interests' | 'papers' | null {
  if (interests.some((id) => unmatched.has(Math.abs(id)))) return 'interests';
  const wants = interests.some((id) => id > 0);
  return wants && papersUnmatched && now.getTime() - slotAt.getTime() < MATCH_GRACE_MS ? 'papers' : null;
}
