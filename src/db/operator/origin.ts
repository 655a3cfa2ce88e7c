import { AsyncLocalStorage } from 'node:async_hooks';

/** On whose behalf, and as part of what, the work under way is done. */
interface Standing {
  network: string | null;
  partOf: bigint | null;
}

const NOBODY: Standing = { network: null, partOf: null };
const standings = new AsyncLocalStorage<Standing>();

/**
 * Does a piece of work on behalf of somebody at a network (`203.0.113.0/24`): every act it records says so, whoever
 * records it. It is no argument, because a door that forgot to pass it on would leave acts without an origin.
 */
export function actingFrom<T>(network: string, work: () => T): T {
  return standings.run({ network, partOf: null }, work);
}

/** Does a piece of work as part of an act on many: every act it records is a part of that one. */
export function actingWithin<T>(partOf: bigint, work: () => T): T {
  return standings.run({ ...standingNow(), partOf }, work);
}

/** Returns on whose behalf the work under way is done; nobody's where a command or a job does it. */
export function standingNow(): Standing {
  return standings.getStore() ?? NOBODY;
}
