import type { Turns } from '../../context.ts';

/** Opens turns of this process alone, for what is done without a database, one thing after the other. */
export function ownTurns(): Turns {
  const freeAt = new Map<string, number>();
  return {
    take: (host) => {
      const waitMs = (freeAt.get(host) ?? 0) - performance.now();
      if (waitMs > 0) return Promise.resolve({ waitMs, taken: false });
      const end = (restMs: number) => {
        freeAt.set(host, performance.now() + restMs);
        return Promise.resolve();
      };
      return Promise.resolve({ end });
    },
  };
}
