import { AsyncLocalStorage } from 'node:async_hooks';

const origins = new AsyncLocalStorage<string>();

/**
 * Does a piece of work on behalf of somebody at a network (`203.0.113.0/24`): every act it records says so, whoever
 * records it. It is no argument, because a door that forgot to pass it on would leave acts without an origin.
 */
export function actingFrom<T>(network: string, work: () => T): T {
  return origins.run(network, work);
}

/** Returns the network that the work under way is done for; null where a command or a job does it. */
export function originNow(): string | null {
  return origins.getStore() ?? null;
}
