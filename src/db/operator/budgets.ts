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

/** After so many refused tries in a day a key is locked out: for so long, then for twice that, up to a longest time. */
export interface LockOut {
  name: string;
  tries: number;
  firstSeconds: number;
  longestSeconds: number;
}

const DAY_SECONDS = 86_400;

/** Counts a refused try, and locks the key out where there were too many. */
export async function countRefusal(db: Db, { name, tries, firstSeconds, longestSeconds }: LockOut, key: string) {
  const counter = limiterOf(db, { name: `${name}-tries`, points: Number.MAX_SAFE_INTEGER, seconds: DAY_SECONDS });
  const { consumedPoints } = await counter.consume(key);
  if (consumedPoints < tries) return;
  const seconds = Math.min(firstSeconds * 2 ** Math.min(consumedPoints - tries, 20), longestSeconds);
  await lockOf(db, name).block(key, seconds);
}

/** Returns for how many seconds a key is locked out still; 0 where it is not. */
export async function lockedOutFor(db: Db, { name }: LockOut, key: string): Promise<number> {
  const found = await lockOf(db, name).get(key);
  return found && found.consumedPoints > 0 ? Math.max(1, Math.ceil(found.msBeforeNext / 1000)) : 0;
}

function lockOf(db: Db, name: string): RateLimiterPostgres {
  return limiterOf(db, { name: `${name}-lock`, points: 0, seconds: DAY_SECONDS });
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
