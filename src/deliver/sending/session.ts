import type { FinishedAttempt } from '../../model/attempt.ts';
import { messageOf } from '../../lib/errors.ts';
import { CrowdedError, type Mail, type MailConnection, type SendResult } from '../../model/mail.ts';
import { endsSession, readingOf } from './classify-reply.ts';
import { connectUnlessEnding, pause } from './unless-ending.ts';

/** What the sessions of a connection loop need of the world. */
export interface SessionTools {
  connect: () => Promise<MailConnection>;
  /** Hears that the server ended a session after so many mails. */
  sessionEnded: (connection: MailConnection, carried: number, how: 'surely' | 'perhaps') => void;
  /** Hears why a connection could not be had, or was one too many. */
  unreachable: (problem: string) => void;
  /** Open connections, to be cut where ending takes too long. */
  open: Set<MailConnection>;
  signal: AbortSignal;
}

/** What became of a mail, and over which connection. */
export interface Sent {
  result: SendResult;
  connection: MailConnection;
}

/** A mail that is announced. */
interface Announced {
  mail: Mail;
  /** Asks once more whether it may go: time has passed, and nothing of it is on the wire. */
  mayStillGo: () => Promise<boolean>;
}

/** What a connection loop has in hand: a connection, and the result that waits to be recorded with the next mail. */
export interface Loop {
  connection: MailConnection | null;
  /** Mails the connection has carried. */
  carried: number;
  finished: FinishedAttempt | null;
  /** Connections in a row that could not be had, or were one too many, and why the last one. */
  failures: number;
  problem: string;
  /** The last one was one too many: the server is there, and others hold its places. */
  crowded: boolean;
  /** Words that a new connection heard too: they are no matter of the session, and another one would not help. */
  insisted: Set<string>;
}

/** A wait before another connection, doubled each time. */
export const CONNECT_WAIT_MS = 250;
/** New connections that end before the body of the same mail, after which it is put off. */
const FRESH_TRIES = 3;

/**
 * Sends a mail, at once again over a new connection where the answer may speak of the session alone. It stays announced
 * meanwhile: a worker that dies now leaves it in doubt, as any mail in flight. That the session was used up is learned
 * from what says so, or once a new one takes the mail. Null where the mail may not go any more by then.
 */
export async function sendInSession(
  loop: Loop,
  first: MailConnection,
  { mail, mayStillGo }: Announced,
  tools: SessionTools,
): Promise<Sent | null> {
  let connection = first;
  let learn = () => {};
  for (let fresh = 0; ;) {
    const carried = loop.carried++;
    const result = await connection.send(mail);
    const ends = endsSession(result, carried);
    const words = readingOf(result)?.signature ?? result.outcome;
    if (carried === 0 && result.outcome === 'refused' && !ends) loop.insisted.add(words);
    if (result.outcome === 'accepted') learn();
    if (!ends || loop.insisted.has(words)) return { result, connection };
    const spent = connection;
    learn = () => tools.sessionEnded(spent, carried, ends);
    if (ends === 'surely') learn();
    await closeConnection(loop, tools);
    if (carried === 0) fresh += 1;
    if (fresh >= FRESH_TRIES || tools.signal.aborted) return { result, connection };
    if (fresh > 0) await pause(CONNECT_WAIT_MS * 2 ** fresh, tools.signal);
    if (!(await openConnection(loop, tools)) || !loop.connection) return { result, connection };
    if (!(await mayStillGo())) return null;
    connection = loop.connection;
  }
}

/** Opens a connection for a loop that has none; false where none can be had. */
export async function openConnection(loop: Loop, tools: SessionTools): Promise<boolean> {
  try {
    loop.connection = await connectUnlessEnding(tools.connect, tools.signal);
    loop.carried = 0;
    tools.open.add(loop.connection);
    return true;
  } catch (error) {
    loop.failures += 1;
    loop.problem = messageOf(error);
    loop.crowded = error instanceof CrowdedError;
    if (!tools.signal.aborted) tools.unreachable(loop.problem);
    return false;
  }
}

/** Closes the connection of a loop that has one. */
export async function closeConnection(loop: Loop, tools: SessionTools): Promise<void> {
  const { connection } = loop;
  loop.connection = null;
  if (!connection) return;
  tools.open.delete(connection);
  await connection.close();
}
