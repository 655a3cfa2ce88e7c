import { isIPv6 } from 'node:net';
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import { poolOf, type Db } from '../client.ts';

/** A budget: at most so many acts in so many seconds per key, counted in the database for all processes together. */
export interface Budget {
  name: string;
  points: number;
  seconds: number;
}

const limiters = new WeakMap<Db, Map<string, RateLimiterPostgres>>();

/** What is left of a budget, and in how many seconds all of it is there again. */
export interface BudgetLeft {
  left: number;
  resetSeconds: number;
  /** There was no room for this act. */
  over: boolean;
}

/**
 * Takes one act from a budget; returns 0 where there was room, else the seconds until there is. The library asks the
 * system's clock.
 */
export async function takeFromBudget(db: Db, budget: Budget, key: string): Promise<number> {
  const { over, resetSeconds } = await spendBudget(db, budget, key);
  return over ? resetSeconds : 0;
}

/** Takes one act from a budget and tells what is left of it. */
export async function spendBudget(db: Db, budget: Budget, key: string): Promise<BudgetLeft> {
  try {
    return leftOf(await limiterOf(db, budget).consume(key), false);
  } catch (refusal) {
    if (refusal instanceof RateLimiterRes) return leftOf(refusal, true);
    throw refusal;
  }
}

function leftOf({ remainingPoints, msBeforeNext }: RateLimiterRes, over: boolean): BudgetLeft {
  return { left: Math.max(0, remainingPoints), resetSeconds: Math.max(1, Math.ceil(msBeforeNext / 1000)), over };
}

/** Deletes what has run out; returns how many rows. */
export async function forgetBudgets(db: Db, now: Date): Promise<number> {
  const { count } = await db.rateLimit.deleteMany({ where: { expire: { lt: BigInt(now.getTime()) } } });
  return count;
}

/** Names the network an address belongs to: IPv4 by /24, IPv6 by /64, since a single visitor holds that much. */
export function networkOf(ip: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip)?.[1] ?? ip;
  if (!isIPv6(mapped)) return mapped.split('.').slice(0, 3).join('.');
  const [head = '', tail = ''] = (mapped.split('%')[0] ?? '').split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === '' ? [] : tail.split(':');
  const zeros = mapped.includes('::') ? Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0') : [];
  const groups = [...left, ...zeros, ...right].slice(0, 4);
  return `${groups.map((group) => group.toLowerCase().replace(/^0+(?=.)/, '')).join(':')}::`;
}

function limiterOf(db: Db, { name, points, seconds }: Budget): RateLimiterPostgres {
  const own = limiters.get(db) ?? new Map<string, RateLimiterPostgres>();
  limiters.set(db, own);
  const id = `${name} ${points} ${seconds}`;
  const found = own.get(id);
  if (found) return found;
  const made = new RateLimiterPostgres({
    storeClient: poolOf(db),
    storeType: 'pool',
    tableName: 'rate_limits',
    tableCreated: true, // by a migration
    clearExpiredByTimeout: false, // by housekeeping
    keyPrefix: name,
    points,
    duration: seconds,
  });
  own.set(id, made);
  return made;
}
