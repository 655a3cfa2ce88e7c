import type { Heard } from './arxiv.ts';

/** What asking must keep to: the terms of arXiv, and what a run may take for it. */
export const LEAST_GAP_MS = 3_000;
export const LONGEST_RUN_MS = 30_000;

/** How two sources were asked. */
export interface Asking {
  /** Between two requests. */
  leastGapMs: number;
  mostAtOnce: number;
  /** Bodies that came again for the same version. */
  twice: number;
  /** Requests after the answer that asks for peace; null where it was never given. */
  afterPeace: number | null;
  /** Whether all of it may be; what was never seen is no proof. */
  isFine: boolean;
}

/** Judges what was heard; `longestRunMs` is null where no run came to its end. */
export function judgeAsking(heard: readonly Heard[], longestRunMs: number | null): Asking {
  const leastGapMs = Math.min(...heard.slice(1).map(({ atMs }, at) => atMs - heard[at]!.atMs));
  const bodies = heard.filter(({ status }) => status === 200).map(({ url, etag }) => `${url} ${etag}`);
  const twice = bodies.length - new Set(bodies).size;
  const askedAt = heard.findIndex(({ status }) => status === 429);
  const afterPeace = askedAt < 0 ? null : heard.length - 1 - askedAt;
  return {
    ...{ leastGapMs, twice, afterPeace, mostAtOnce: Math.max(...heard.map(({ open }) => open)) },
    isFine:
      bodies.length > 0 &&
      leastGapMs >= LEAST_GAP_MS &&
      heard.every(({ open }) => open === 1) &&
      twice === 0 &&
      afterPeace === 0 &&
      longestRunMs !== null &&
      longestRunMs <= LONGEST_RUN_MS,
  };
}
