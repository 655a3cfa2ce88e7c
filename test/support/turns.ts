import type { Turns } from '../../src/context.ts';

/** Turns for tests of something else: it is always one's turn, and no host rests. */
export const everyTurn: Turns = { take: () => Promise.resolve({ end: () => Promise.resolve() }) };
