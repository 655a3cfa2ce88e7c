import type { Context } from '../../context.ts';
import {
  knownAddresses,
  noteAnswer,
  noteAsked,
  type AddressKey,
  type KnownAddress,
} from '../../db/sources/addresses.ts';
import type { AppError } from '../../lib/errors.ts';
import { hmacWith } from '../../lib/hmac.ts';
import { shownAddress } from '../../lib/redact.ts';
import { receivedOf, type ReceivedBytes } from '../fetch.ts';
import { foundAt, listedOn, MOST_PAGES, nextPage, requestsFor } from '../sources/requests.ts';
import { ask, unanswered, type Answer } from './ask.ts';
import { missingDays } from './missing-days.ts';
import { isDue, later, periodMs, retryMs, sooner, staysAway } from './pace.ts';

/** What a source answered in one tick. */
export interface Asked {
  received: ReceivedBytes[];
  /** What to note once it is stored. */
  versions: AnsweredVersion[];
  /** Whether anything answered, with something new or nothing. */
  answered: boolean;
  /** Why not all of it did, the first reason. */
  failure: AppError | null;
}

/** An answer's version, which counts once the answer is stored. */
export interface AnsweredVersion {
  address: AddressKey;
  answeredAt: Date;
  /** Nothing of these for a search. */
  etag?: string | null;
  lastModified?: string | null;
  listed?: number | null;
}

/** How long a tick goes on. */
export interface Tick {
  /** An instant of performance.now() by which its asking is over. */
  endsAt: number;
  signal?: AbortSignal | undefined;
}

/** A tick waits no longer for remote servers: files are read beside it, and the next tick comes. */
export const TICK_MS = 30_000;
/** The longest one answer may take of it, and the least that must be left to ask. */
const ANSWER_MS = 20_000;
const LEAST_MS = 10_000;
const ROBOTS_MS = 24 * 3_600_000;

/**
 * Asks a source for what is due: its address, or those of its days, page by page. What does not fit into the tick waits
 * for the next, which goes on where this one ended. Nothing due is no failure.
 */
export async function askSource(ctx: Context, source: string, location: string, tick: Tick): Promise<Asked> {
  const known = await knownAddresses(ctx.db, source);
  const asked: Asked = { received: [], versions: [], answered: false, failure: null };
  if (staysAway(known.values(), ctx.now())) return asked;
  const knownOf = (url: string) => known.get(keyOf(ctx, url));
  const missing = await missingDays(ctx, { name: source, location }, knownOf);
  const urls = requestsFor(location, ctx.now(), missing);
  // What told us to stay away comes last, so that it keeps nothing else from being asked for.
  const heldUp = urls.filter((url) => knownOf(url)?.retryAt);
  for (const url of [...urls.filter((url) => !heldUp.includes(url)), ...heldUp]) {
    const daysBack = daysBackOf(location, url, ctx.now());
    if (!(await askPages(ctx, { source, first: url, daysBack, known, tick }, asked))) break;
  }
  return asked;
}

/** Notes what is there of answers, so that it need not come again; to be called once they are stored. */
export async function noteVersions(ctx: Context, versions: readonly AnsweredVersion[]): Promise<void> {
  for (const { address, ...version } of versions) await noteAnswer(ctx.db, address, version);
}

interface Pages {
  source: string;
  first: string;
  daysBack: number | null;
  known: ReadonlyMap<string, KnownAddress>;
  tick: Tick;
}

/**
 * A search, which names what it found, since that has another address each time. No version of it is noted: what it
 * found may still be asked for.
 */
interface AnsweredSearch {
  name: string;
  address: AddressKey;
}

/** Asks for an address and the pages after it, as far as they are due; returns whether the source may go on. */
async function askPages(ctx: Context, pages: Pages, asked: Asked): Promise<boolean> {
  let url: string | null = pages.first;
  let search: AnsweredSearch | null = null;
  for (let page = 0; url !== null && page < MOST_PAGES; page++) {
    const key = keyOf(ctx, url);
    const known = pages.known.get(key);
    let listed = known?.listed ?? null;
    let isHere = known?.answeredAt && known.failures === 0;
    if (isDue(known, ctx.now())) {
      const address = { source: pages.source, key: Buffer.from(key, 'hex') };
      const answer = await askOne(ctx, url, address, known, pages);
      if ('waitMs' in answer) {
        if (search) await noteAnswer(ctx.db, search.address, { dueAt: ctx.now() });
        return false;
      }
      if ('problem' in answer) {
        asked.failure ??= unanswered(url, answer);
        return answer.retryAfterMs === null;
      }
      if ('bytes' in answer) {
        const found = foundAt(url, answer.bytes);
        if (found !== undefined) search = { name: shownAddress(url), address };
        if (found) {
          url = found;
          continue;
        }
        if (found === undefined) {
          listed = listedOn(url, answer.bytes);
          asked.versions.push({ address, answeredAt: ctx.now(), ...answer.version, listed });
          asked.received.push(receivedOf(search?.name ?? shownAddress(url), answer.bytes));
        }
      }
      asked.answered = isHere = true;
    }
    asked.answered ||= Boolean(search && isHere); // a search has answered once what it found is here
    if (search && isHere) asked.versions.push({ address: search.address, answeredAt: ctx.now() });
    url = nextPage(url, listed);
  }
  return true;
}

/** Names an address by its keyed hash, since what opens it may stand in it. */
function keyOf({ keys }: Context, url: string): string {
  return hmacWith('sha256', keys.suppression)(`asked ${url}`);
}

/** Asks one address, and notes what became of it. */
async function askOne(
  ctx: Context,
  url: string,
  address: AddressKey,
  known: KnownAddress | undefined,
  { daysBack, tick }: Pages,
): Promise<Answer> {
  const place = new URL(url);
  const now = ctx.now();
  const at = (ms: number) => new Date(now.getTime() + ms);
  const periodLeft = sooner(periodMs(place, daysBack));
  // Before it is done: whoever dies of the answer does not ask again at once.
  const note = { name: shownAddress(url), askedAt: now, dueAt: at(periodLeft) };
  await noteAsked(ctx.db, address, note);
  const { endsAt, signal } = tick;
  const waiting = { timeoutMs: ANSWER_MS, endsAt, until: endsAt - LEAST_MS, signal };
  const answer = await ask(ctx, url, { ...waiting, had: known, robots: robotsOf(known, now) });
  if ('waitMs' in answer) {
    await noteAnswer(ctx.db, address, { dueAt: now });
    return answer;
  }
  const robots = answer.robots && { robotsAt: now, forbidden: answer.robots === 'forbid' };
  if (!('problem' in answer)) {
    const stored = 'unchanged' in answer && { answeredAt: now };
    await noteAnswer(ctx.db, address, { failures: 0, retryAt: null, ...stored, ...robots });
    return answer;
  }
  const failures = (known?.failures ?? 0) + 1;
  const retryAt = answer.retryAfterMs === null ? null : at(later(answer.retryAfterMs));
  const nextAt = answer.again ? at(sooner(retryMs(place, failures))) : note.dueAt;
  const dueAt = retryAt && retryAt > nextAt ? retryAt : nextAt;
  await noteAnswer(ctx.db, address, { failures, retryAt, dueAt, ...robots });
  return answer;
}

function robotsOf(known: KnownAddress | undefined, now: Date): 'allow' | 'forbid' | 'unknown' | undefined {
  if (!known?.robotsAt) return undefined;
  const isFresh = Math.abs(now.getTime() - known.robotsAt.getTime()) < ROBOTS_MS;
  if (!isFresh) return 'unknown';
  return known.forbidden ? 'forbid' : 'allow';
}

/** Tells how many days ago the day lies that stands in an address for `{date}`; null where none does. */
function daysBackOf(location: string, url: string, now: Date): number | null {
  const at = location.indexOf('{date}');
  const day = at === -1 ? NaN : Date.parse(url.slice(at, at + '2026-12-31'.length));
  return Number.isNaN(day) ? null : Math.floor((now.getTime() - day) / (24 * 3_600_000));
}
