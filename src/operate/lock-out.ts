import type { Context } from '../context.ts';
import { countRefusal, lockedOutFor, networkOf, type LockOut } from '../db/operator/budgets.ts';
import { isLoopback } from '../lib/public-address.ts';
import { keyed } from '../subscribers/budgets.ts';

/** Six refused tries of one network in a day lock it out for a minute, the seventh for two, up to an hour. */
const NETWORK: LockOut = { name: 'sign-in-network', tries: 6, firstSeconds: 60, longestSeconds: 3600 };
/** The same for tries at one admin, from wherever. */
const ADMIN: LockOut = { name: 'sign-in-admin', tries: 6, firstSeconds: 60, longestSeconds: 3600 };

/** Who tries to sign in, as far as it is known. */
export interface Trying {
  ip: string;
  email?: string | undefined;
}

/**
 * Returns for how many seconds nobody may try: from this network, or as this admin. Whoever sits at this machine may
 * always; behind a proxy that is not trusted that is everybody, and what bounds them is what can be guessed: nothing.
 */
export async function signInLockedFor(ctx: Context, { ip, email }: Trying): Promise<number> {
  const network = isLoopback(ip) ? 0 : await lockedOutFor(ctx.db, NETWORK, keyed(ctx, networkOf(ip)));
  const admin = email === undefined ? 0 : await lockedOutFor(ctx.db, ADMIN, keyed(ctx, email));
  return Math.max(network, admin);
}

/** Counts a refused try to sign in. */
export async function countRefusedSignIn(ctx: Context, { ip, email }: Trying): Promise<void> {
  if (!isLoopback(ip)) await countRefusal(ctx.db, NETWORK, keyed(ctx, networkOf(ip)));
  if (email !== undefined) await countRefusal(ctx.db, ADMIN, keyed(ctx, email));
}
