import type { Context } from '../../context.ts';
import { AppError, messageOf } from '../../lib/errors.ts';
import { isOutage } from '../../lib/outage.ts';
import { parseImapUrl, type ImapMailbox } from '../../model/imap-mailbox.ts';
import type { FeedbackKind } from '../event.ts';
import { parseReport } from '../parse-report.ts';
import type { Taken, TakeIn } from '../received.ts';
import { MOST_MAIL_BYTES, type Door } from './door.ts';
import { connectImap, type ImapConnection } from './imap-connection.ts';
import { DONE, movesOver, UNCLEAR, type Going } from './imap-moves.ts';
import { envelopeRecipients } from './mail-files.ts';

/** How often the mailbox is looked at, and how long a broken connection rests, in milliseconds. */
export interface ImapPace {
  lookMs: number;
  restMs: readonly number[];
}

const PACE: ImapPace = { lookMs: 5 * 60_000, restMs: [1_000, 5_000, 15_000, 60_000, 300_000] };
/** Mails that are read together, by number and bytes. */
const TOGETHER = 200;
const TOGETHER_BYTES = MOST_MAIL_BYTES;

/**
 * Follows the mailbox of BOUNCE_IMAP_URL for as long as the door stands open: each mail is taken in with its place,
 * then moved. Where the connection breaks it is opened anew, ever more slowly, for ever.
 */
export function openImapDoor(ctx: Context, takeIn: TakeIn, pace: ImapPace = PACE): Door {
  const mailbox = parseImapUrl(ctx.config.BOUNCE_IMAP_URL ?? '');
  if (!mailbox) throw new AppError('bad-input', 'BOUNCE_IMAP_URL: expected imaps://user:password@host/Folder');
  const ending = new AbortController();
  const following = follow({ ctx, takeIn, mailbox, pace, signal: ending.signal });
  return {
    close: async () => {
      ending.abort();
      await following;
    },
  };
}

interface Following {
  ctx: Context;
  takeIn: TakeIn;
  mailbox: ImapMailbox;
  pace: ImapPace;
  signal: AbortSignal;
}

async function follow(following: Following): Promise<void> {
  const { ctx, mailbox, pace, signal: ending } = following;
  const where = `${mailbox.host}/${mailbox.path}`;
  let failures = 0;
  while (!ending.aborted) {
    try {
      await readFor(following, () => {
        if (failures > 0) ctx.log.info({ mailbox: where, failures }, 'the mailbox of bounces is read again');
        failures = 0;
      });
    } catch (error) {
      const restMs = pace.restMs[Math.min(failures++, pace.restMs.length - 1)] ?? 0;
      await putOff(ctx, { mailbox: where, problem: messageOf(error), failures, restMs }, ending);
    }
  }
}

/** Says what is wrong and rests, unless the door is closing: then it is our own doing. */
async function putOff(
  ctx: Context,
  told: { mailbox: string; problem: string; failures: number; restMs: number },
  ending: AbortSignal,
): Promise<void> {
  if (ending.aborted) return;
  ctx.log.warn(told, 'the mailbox of bounces cannot be read');
  await rest(told.restMs, ending);
}

/** Reads over one connection until it breaks, or the door closes. */
async function readFor(following: Following, onLooked: () => void): Promise<void> {
  const { mailbox, pace, signal } = following;
  const connection = await connectImap(mailbox, [DONE, UNCLEAR], signal);
  try {
    while (!signal.aborted) {
      await look(following, connection);
      onLooked();
      await connection.news(pace.lookMs);
    }
  } finally {
    connection.close();
  }
}

/**
 * Takes in all that lies in the mailbox, the oldest first: while some are stored, the next ones are read, and those
 * before them moved.
 */
async function look(following: Following, connection: ImapConnection): Promise<void> {
  const left = await connection.list();
  const moves = movesOver(connection, left.length);
  let reading = readSome(connection, left);
  try {
    for (let mails = await reading; mails !== null && !following.signal.aborted; mails = await reading) {
      reading = readSome(connection, left);
      reading.catch(() => {}); // told when its turn comes
      await moves.add(await takeSome(following, connection, mails));
    }
  } finally {
    await moves.end();
  }
}

/** Reads the first of those that are left; null where none are. */
async function readSome(connection: ImapConnection, left: number[]): Promise<Map<number, Buffer> | null> {
  if (left.length === 0) return null;
  const sizes = await connection.sizes(left.slice(0, TOGETHER));
  return connection.read(left.splice(0, fitting(left, sizes).length), MOST_MAIL_BYTES);
}

async function takeSome(
  following: Following,
  connection: ImapConnection,
  mails: ReadonlyMap<number, Buffer>,
): Promise<Going[]> {
  const validity = connection.validity();
  return allOf([...mails].map(async ([uid, bytes]) => ({ uid, to: await takeOne(following, validity, uid, bytes) })));
}

/** As many of the first as may be held together: one at least. */
function fitting(uids: readonly number[], sizes: ReadonlyMap<number, number>): number[] {
  let bytes = 0;
  const first = uids.slice(0, TOGETHER);
  const end = first.findIndex((uid, at) => (bytes += sizes.get(uid) ?? 0) > TOGETHER_BYTES && at > 0);
  return end === -1 ? first : first.slice(0, end);
}

/** Waits for all, whatever becomes of some; then rejects where one did. */
async function allOf<T>(going: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(going);
  return Promise.all(going);
}

/** Tells where a mail belongs that is taken in. Null where it is at fault, and stays where it is; an outage rejects. */
async function takeOne(
  { ctx, takeIn, mailbox: { host, user, path } }: Following,
  validity: string,
  uid: number,
  bytes: Buffer,
): Promise<string | null> {
  const place = `imap:${host}/${user}/${path}/${validity}/${uid}`;
  try {
    const recipients = envelopeRecipients(bytes);
    const taken = await takeIn({ door: 'imap', name: `${host}/${path} no. ${uid}`, bytes, recipients, place });
    if (taken.isNew || taken.events.length > 0) return folderFor(taken);
    const { kind } = await parseReport(bytes); // it was taken in before it could be moved
    return FOR_PEOPLE.includes(kind) ? UNCLEAR : DONE;
  } catch (error) {
    if (isOutage(error)) throw error;
    ctx.log.error({ err: error, uid }, 'a mail in the mailbox of bounces cannot be taken in, and stays there');
    return null;
  }
}

/** What a person may want to look at. */
const FOR_PEOPLE: readonly FeedbackKind[] = ['other', 'reply', 'challenge'];
/** What speaks of one of our mails, and says nothing where that is not found. */
const OF_A_MAIL: readonly FeedbackKind[] = ['hard', 'soft', 'delayed', 'delivered', 'complaint'];

/** Tells where a mail goes that was taken in: what is clear, and what a person may want to look at. */
function folderFor({ events }: Taken): string {
  const isClear = ({ kind, delivery }: Taken['events'][number]) =>
    !FOR_PEOPLE.includes(kind) && (delivery !== null || !OF_A_MAIL.includes(kind));
  return events.length > 0 && events.every(isClear) ? DONE : UNCLEAR;
}

function rest(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
  });
}
