import { dateOnly } from '../../lib/time.ts';
import { initialDigestState, type HealthVerdict } from '../../model/digest.ts';
import type { Tx } from '../client.ts';
import { ALARM, SIGN_IN, type Trouble } from './alarms.ts';
import { keysOfEvents } from './open-alarms.ts';

/** Troubles older than this, in milliseconds, no longer stand for those that follow them. */
const FOLLOWED_MS = 30 * 86_400_000;

/** What comes of a source that is in trouble already, and tells no more than that. */
const NOTHING_NEW: ReadonlySet<string> = new Set(['no digest', 'empty', 'repeated', 'old', 'behind']);

/** A digest that looks wrong, or a capture that is none. */
interface Odd extends Trouble {
  /** What one source does not tell of twice in a row; '' tells by itself each time. */
  sameAs: string;
  /** The address that gave no digest, which is told of once. */
  address?: string;
}

/** Something that came of a source; null where it was well. */
interface Event {
  source: string;
  at: Date;
  odd: Odd | null;
}

/**
 * Lists digests that look wrong and rejected captures of the last `since` that nobody at this address was told of; null
 * stands for the places of ALARM_URLS. What a source does day after day is told once, until a good digest of it comes;
 * each file of a folder is told by itself.
 */
export async function untoldTroubles(
  db: Tx,
  email: string | null,
  { since, publicUrl }: { since: Date; publicUrl: string },
): Promise<Trouble[]> {
  const from = new Date(since.getTime() - FOLLOWED_MS);
  const events = [...(await digestEvents(db, from, publicUrl)), ...(await rejectedCaptures(db, from))];
  events.sort((a, b) => a.at.getTime() - b.at.getTime());
  const told = email === null ? await keysOfEvents(db) : await toldSince(db, email, from);
  const inTrouble = await sourcesInTrouble(db);
  const open = new Map<string, Set<string>>();
  return events.flatMap(({ source, at, odd }) => {
    if (!odd) open.delete(source);
    if (!odd) return [];
    const before = open.get(source) ?? new Set();
    const goesOn =
      (odd.sameAs !== '' && before.has(odd.sameAs)) ||
      (odd.address !== undefined && open.has(odd.address)) ||
      (inTrouble.has(source) && NOTHING_NEW.has(odd.sameAs));
    const tell = !told.has(odd.key) && !goesOn && at >= since;
    if (tell || told.has(odd.key)) {
      open.set(source, before.add(odd.sameAs));
      if (odd.address !== undefined) open.set(odd.address, before);
    }
    return tell ? [odd] : [];
  });
}

/** Tells whether an alarm over a digest or a capture of a source was planned since an instant, null: ever. */
export async function alarmedSince(
  db: Tx,
  email: string,
  { source, since }: { source: string; since: Date | null },
): Promise<boolean> {
  const at = { gte: since ?? new Date(0) };
  const digests = await db.digest.findMany({ where: { source, arrivedAt: at }, select: { id: true } });
  const captures = await db.capture.findMany({
    where: { source, receivedAt: at, state: 'rejected', past: false },
    select: { id: true },
  });
  const keys = [...digests.map(({ id }) => `digest:${id}`), ...captures.map(({ id }) => `capture:${id}`)];
  return (
    (await db.delivery.findFirst({ where: { ...ALARM, email, key: { in: keys } }, select: { id: true } })) !== null
  );
}

async function toldSince(db: Tx, email: string, from: Date): Promise<Set<string>> {
  const where = { ...ALARM, email, createdAt: { gte: from } };
  return new Set((await db.delivery.findMany({ where, select: { key: true } })).map(({ key }) => key));
}

async function sourcesInTrouble(db: Tx): Promise<Set<string>> {
  const rows = await db.source.findMany({ where: { told: { not: null } }, select: { name: true } });
  return new Set(rows.map(({ name }) => name));
}

/** A quiet day is no event: nothing came, as usual, which makes no source well. */
async function digestEvents(db: Tx, from: Date, publicUrl: string): Promise<Event[]> {
  const digests = await db.digest.findMany({
    where: { arrivedAt: { gte: from }, state: { not: 'discarded' }, verdict: { not: 'quiet' } },
    orderBy: { id: 'asc' },
  });
  return digests.map((digest) => {
    const { id, source, digestOn, state, verdict, kind, reasons, arrivedAt: at } = digest;
    if (state === 'released' || (state === 'accepted' && !isOdd(digest))) return { source, at, odd: null };
    const name = `Digest of ${dateOnly(digestOn)} from ${source}`;
    const held = [
      `No reader gets anything of it until you release it: ${publicUrl}/admin/digests`,
      'If the same goes on you hear no more of it until a good one comes.',
      SIGN_IN,
    ];
    const used = ['Its day is over. What came of it while it filled was used and stays.'];
    const [subject, lines] =
      state === 'held' ? [`${name} is held: ${verdict}`, held] : [`${name} ended ${verdict}`, used];
    return {
      source,
      at,
      odd: { key: `digest:${id}`, sameAs: kind ?? verdict, subject, lines: [...reasons, ...lines] },
    };
  });
}

function isOdd({ verdict }: { verdict: HealthVerdict }): boolean {
  return initialDigestState(verdict) === 'held';
}

/** Of lists of past days whoever asked for them is told at once. */
async function rejectedCaptures(db: Tx, from: Date): Promise<Event[]> {
  const captures = await db.capture.findMany({
    where: { state: 'rejected', past: false, receivedAt: { gte: from } },
    orderBy: { id: 'asc' },
    select: { id: true, source: true, name: true, problem: true, receivedAt: true },
  });
  return captures.map(({ id, source, name, problem, receivedAt: at }) => {
    const isAnswer = /^https?:\/\//i.test(name);
    const lines = [
      name,
      problem ?? 'It could not be parsed.',
      'It is kept as it came; nothing of it reaches a reader. All other files are read as ever.',
      isAnswer
        ? 'It is asked again as ever; if the same goes on you hear no more of it.'
        : 'Once it is mended in its place it is read by itself. To try a file first: npx offprint ingest --dry-run FILE',
    ];
    const subject = `${isAnswer ? 'An answer' : 'A file'} from ${source} is no digest`;
    const told = { key: `capture:${id}`, subject, lines };
    return { source, at, odd: isAnswer ? { ...told, sameAs: 'no digest', address: name } : { ...told, sameAs: '' } };
  });
}
