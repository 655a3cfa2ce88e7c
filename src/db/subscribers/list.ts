import { cursorOf, readPage, type Page, type PageWish } from '../../lib/cursor.ts';
import { canonicalAddress, canonicalDomain, displayAddress, withoutInvisible } from '../../model/address.ts';
import type { Wish } from '../../model/interest.ts';
import type { SubscriberStatus, Subscriber } from '../../model/subscriber.ts';
import type { Tx } from '../client.ts';
import { text, textOf } from '../columns.ts';
import { query, sql } from '../statement.ts';
import type { Prisma } from '../generated/client.ts';
import { loadGivenLikes } from '../interests/examples.ts';
import { toSubscriber } from './subscribers.ts';

/** A subscriber as lists and exports show them. */
export interface ListedSubscriber extends Subscriber {
  wishes: Wish[];
  /** Why nothing may go to the address; null where it may. */
  suppressed: string | null;
}

/** What to list. */
export interface SubscriberQuery extends PageWish {
  status?: SubscriberStatus | undefined;
  /** The canonical address of one. */
  address?: string | undefined;
}

const BY_ID = cursorOf('subscribers', 'number');
const BY_ADDRESS = cursorOf('subscribers found', 'text');

/** Behind every address that begins the same: addresses are ASCII, and compared by their bytes. */
const LAST = '\u007f';

/** Lists subscribers by id, in which nobody moves, whatever they change meanwhile, with what they asked for. */
export async function listSubscribers(
  db: Tx,
  { status, address, ...wish }: SubscriberQuery,
): Promise<Page<ListedSubscriber>> {
  return readPage(
    BY_ID,
    wish,
    (key, take) =>
      readListed(db, {
        where: {
          ...(key ? { id: { gt: key[0] } } : {}),
          ...(status ? { status } : {}),
          ...(address === undefined ? {} : { email: address }),
        },
        orderBy: { id: 'asc' },
        take,
      }),
    ({ id }) => [id],
  );
}

/** Finds subscribers by their ids, in the order of these. */
export async function findListedAmong(db: Tx, ids: readonly number[]): Promise<ListedSubscriber[]> {
  const found = await readListed(db, { where: { id: { in: [...ids] } }, take: ids.length });
  const byId = new Map(found.map((row) => [row.id, row]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

/** Finds a subscriber by what their links name them with; null where there is none. */
export async function findListedSubscriber(db: Tx, publicId: string): Promise<ListedSubscriber | null> {
  const [found] = await readListed(db, { where: { publicId }, take: 1 });
  return found ?? null;
}

/**
 * Finds the subscriber with this public id, else those whose address is this one or begins so, as it is kept or as it
 * is shown, by address; each by an index. What stands around a pasted address is dropped.
 */
export async function searchSubscribers(
  db: Tx,
  search: string,
  { status, ...wish }: Omit<SubscriberQuery, 'address'>,
): Promise<Page<ListedSubscriber>> {
  const text = search.trim();
  const named = wish.cursor ? null : await findListedSubscriber(db, text);
  if (named) return { rows: !status || named.status === status ? [named] : [], next: null };
  const start = addressStart(text);
  return readPage(
    BY_ADDRESS,
    wish,
    async (key, take) => {
      const found: ListedSubscriber[] = [];
      for (const from of rangesOf(start)) {
        for (let after = key?.[0] ?? ''; found.length < take;) {
          const email = { ...(after >= from ? { gt: after } : { gte: from }), lt: from + LAST };
          const where = { email, ...(status ? { status } : {}) };
          const rows = await readListed(db, { where, orderBy: { email: 'asc' }, take });
          found.push(...rows.filter((row) => isMeant(row.email, start)));
          if (rows.length < take) break;
          after = rows.at(-1)?.email ?? '';
        }
      }
      return found.slice(0, take);
    },
    ({ email }) => [email],
  );
}

/** What a search means: how an address begins, as it is kept and as it is shown. */
interface AddressStart {
  kept: string;
  /** How it begins where the label that follows is not in ASCII; '' where no such address can be meant. */
  encoded: string;
  shown: string;
}

function isMeant(email: string, { kept, shown }: AddressStart): boolean {
  return email.startsWith(kept) || displayAddress(email).startsWith(shown);
}

/** The beginnings to look for, in order and apart from each other. */
function rangesOf({ kept, encoded }: AddressStart): string[] {
  if (encoded === '' || kept.startsWith(encoded)) return [kept];
  return encoded.startsWith(kept) ? [kept] : [kept, encoded].sort();
}

/**
 * Reads a search. A label that is not in ASCII is kept in a form of which its beginning tells nothing: there only what
 * stands before it narrows the search.
 */
function addressStart(search: string): AddressStart {
  const text = withoutInvisible(/<([^<>]*)>\s*$/.exec(search)?.[1] ?? search.replace(/^mailto:/i, '')).trim();
  const address = canonicalAddress(text);
  if (address.ok) return { kept: address.address, encoded: '', shown: address.address };
  const lower = text.normalize('NFC').toLowerCase();
  const at = lower.lastIndexOf('@') + 1;
  if (at === 0) return { kept: lower, encoded: '', shown: lower };
  const dot = Math.max(at, lower.lastIndexOf('.') + 1);
  const whole = dot > at ? (canonicalDomain(`${lower.slice(at, dot)}example`) ?? '').slice(0, -'example'.length) : '';
  const before = lower.slice(0, at) + whole;
  return { kept: before + lower.slice(dot), encoded: `${before}xn--`, shown: lower };
}

async function readListed(
  db: Tx,
  which: { where: Prisma.SubscriberWhereInput; orderBy?: Prisma.SubscriberOrderByWithRelationInput; take: number },
): Promise<ListedSubscriber[]> {
  const rows = await db.subscriber.findMany({
    ...which,
    include: {
      interests: {
        include: { interest: { select: { kind: true } } },
        orderBy: [{ muted: 'asc' }, { interestId: 'asc' }],
      },
    },
  });
  const suppressions = await db.suppression.findMany({
    where: { addressHash: { in: rows.map((row) => row.addressHash) } },
  });
  const reasons = new Map(suppressions.map((row) => [Buffer.from(row.addressHash).toString('hex'), row.reason]));
  const likes = await loadGivenLikes(
    db,
    rows.flatMap(({ interests }) =>
      interests.flatMap(({ interest, interestId }) => (interest.kind === 'like' ? [interestId] : [])),
    ),
  );
  return rows.map(({ interests, ...row }) => ({
    ...toSubscriber(row),
    wishes: interests.map(({ interest, interestId, wording, muted }) => {
      const like = likes.get(interestId);
      return { kind: interest.kind, text: wording, muted, ...(like && { like }) };
    }),
    suppressed: reasons.get(Buffer.from(row.addressHash).toString('hex')) ?? null,
  }));
}

const statuses = query(
  'statuses of addresses',
  { email: text, status: textOf<SubscriberStatus>() },
  (given: { emails: readonly string[] }) => sql`
    SELECT email, status::text AS status FROM subscribers WHERE email = ANY(${given.emails}::text[])`,
);

/** Returns the status of those addresses that are known. */
export async function findKnownStatuses(db: Tx, emails: readonly string[]): Promise<Map<string, SubscriberStatus>> {
  const rows = await statuses(db, { emails: [...emails] });
  return new Map(rows.map(({ email, status }) => [email, status]));
}

const addresses = query(
  'addresses of readers',
  { publicId: text, email: text },
  (given: { publicIds: readonly string[] }) => sql`
    SELECT public_id AS "publicId", email FROM subscribers WHERE public_id = ANY(${given.publicIds}::text[])`,
);

/** Returns the addresses of those readers who are still here, by public id. */
export async function findAddresses(db: Tx, publicIds: readonly string[]): Promise<Map<string, string>> {
  const rows = await addresses(db, { publicIds: [...publicIds] });
  return new Map(rows.map(({ publicId, email }) => [publicId, email]));
}
