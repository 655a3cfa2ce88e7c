import type { Handing } from '../db/ledger/record.ts';
import { messageOf } from '../lib/errors.ts';
import type { Mail, MailConnection, SendResult } from '../model/mail.ts';
import { isBeforeBody } from '../replies/read-reply.ts';
import { endsSession } from './classify-reply.ts';
import type { Supply } from './supply.ts';
import type { Turns } from './turns.ts';
import { connectUnlessEnding, pause } from './unless-ending.ts';
import type { ClaimedDelivery } from '../model/delivery.ts';
import type { FinishedAttempt } from '../model/attempt.ts';

/** A mail ready to go, or why there is none, and whether the fault is ours and no mail could be made now. */
export type PreparedMail = { mail: Mail } | { problem: string; ours?: boolean };

/** A claimed delivery whose mail is being composed and signed. */
export interface Piece {
  delivery: ClaimedDelivery;
  /** Never rejects. */
  mail: Promise<PreparedMail>;
}

/** What a line works with; all that touches the world is handed in. */
export interface LineTools {
  supply: Supply<Piece>;
  turns: Turns<FinishedAttempt, Handing>;
  connect: () => Promise<MailConnection>;
  /** Tells whether a connection that has carried so many mails is to be closed and another one opened. */
  isSpent: (connection: MailConnection, carried: number) => boolean;
  /** Hears that the server ended a session after so many mails. */
  sessionEnded: (connection: MailConnection, carried: number, how: 'surely' | 'perhaps') => void;
  /** Takes the next place in the pace of all mail and of the connection's server: milliseconds to wait for it. */
  pace: (connection: MailConnection) => Promise<number>;
  judge: (delivery: ClaimedDelivery, result: SendResult, connection: MailConnection) => FinishedAttempt;
  /** Null where it is not the mail's fault and nothing is to be said of it. */
  unfit: (delivery: ClaimedDelivery, problem: string, ours: boolean) => FinishedAttempt | null;
  /** Hears that a line could not be opened, and how often in a row. */
  unreachable: (problem: string) => void;
  /** Open connections, to be cut where ending takes too long. */
  open: Set<MailConnection>;
  signal: AbortSignal;
}

/** A connection and the result that waits to be recorded with the next mail. */
interface Line {
  connection: MailConnection | null;
  /** Mails the connection has carried. */
  carried: number;
  finished: FinishedAttempt | null;
  failures: number;
}

/** Failures to connect after which a line gives up for this run. */
const CONNECT_TRIES = 3;
const CONNECT_WAIT_MS = 250;
/** New connections that end before the body of the same mail, after which it is put off. */
const FRESH_TRIES = 3;

/**
 * Sends mail after mail over one connection until the supply ends. A mail goes to DATA only after the turn that sets its handedAt is
 * written; its result travels with the next turn. Where no connection can be had, the mail goes back to the supply untouched.
 */
export async function runLine(tools: LineTools): Promise<void> {
  const line: Line = { connection: null, carried: 0, finished: null, failures: 0 };
  try {
    for (;;) {
      const piece = tools.supply.poll() ?? (await waitForPiece(line, tools));
      if (!piece) return;
      try {
        if (!(await workOn(piece, line, tools))) return;
      } finally {
        tools.supply.settle(piece);
      }
    }
  } finally {
    await flush(line, tools).finally(() => closeLine(line, tools));
  }
}

/** Brings one piece to its end, or back to the supply; false where the line has to give up. */
async function workOn(piece: Piece, line: Line, tools: LineTools): Promise<boolean> {
  const ready = await piece.mail;
  if ('problem' in ready) {
    await flush(line, tools);
    const finished = tools.unfit(piece.delivery, ready.problem, ready.ours ?? false);
    if (finished) await tools.turns.record(finished);
    else tools.supply.putBack(piece);
  } else if (!(await prepareLine(line, tools)) || !(await keepPace(line, tools))) {
    tools.supply.putBack(piece);
    if (line.failures >= CONNECT_TRIES || tools.signal.aborted) return false;
    await pause(CONNECT_WAIT_MS * 2 ** line.failures, tools.signal);
  } else {
    await sendOne(line, piece.delivery, ready.mail, tools);
  }
  return true;
}

async function sendOne(line: Line, delivery: ClaimedDelivery, mail: Mail, tools: LineTools): Promise<void> {
  const finished = line.finished;
  line.finished = null;
  const { id, attempt, datedAt, doubted } = delivery;
  const handing = { id, attempt, messageId: mail.messageId, datedAt, doubted };
  const allowed = await tools.turns.exchange(finished, handing);
  if (!allowed || !line.connection) return;
  const { result, connection } = await sendInSession(line, line.connection, mail, tools);
  if (result.outcome === 'refused' && isBeforeBody(result.stage)) mail.free?.();
  line.finished = tools.judge(delivery, result, connection);
  const goodbye = result.outcome === 'lost' || (result.outcome === 'refused' && result.code === 421);
  if (goodbye && line.connection) await closeLine(line, tools);
}

/**
 * Sends a mail, at once again over a new connection where the answer may speak of the session alone. It stays announced meanwhile: a
 * worker that dies now leaves it in doubt, as any mail in flight.
 */
async function sendInSession(line: Line, first: MailConnection, mail: Mail, tools: LineTools) {
  let connection = first;
  for (let fresh = 0; ;) {
    const carried = line.carried++;
    const result = await connection.send(mail);
    const ends = endsSession(result, carried);
    if (!ends) return { result, connection };
    tools.sessionEnded(connection, carried, ends);
    await closeLine(line, tools);
    if (carried === 0) fresh += 1;
    if (fresh >= FRESH_TRIES || tools.signal.aborted) return { result, connection };
    if (fresh > 0) await pause(CONNECT_WAIT_MS * 2 ** fresh, tools.signal);
    if (!(await openLine(line, tools)) || !line.connection) return { result, connection };
    connection = line.connection;
  }
}

/** Waits for our place in the pace; what is finished does not wait with us. False where the run ends meanwhile. */
async function keepPace(line: Line, tools: LineTools): Promise<boolean> {
  if (!line.connection) return false;
  const waitMs = await tools.pace(line.connection);
  if (waitMs > 0) {
    await flush(line, tools);
    await pause(waitMs, tools.signal);
  }
  return !tools.signal.aborted;
}

/** Sees to an open connection: one that has gone, or has carried its share, is replaced. */
async function prepareLine(line: Line, tools: LineTools): Promise<boolean> {
  const { connection } = line;
  const spent = connection && tools.isSpent(connection, line.carried);
  if (!connection || spent || connection.usable?.() === false) {
    await flush(line, tools);
    await closeLine(line, tools);
    if (!(await openLine(line, tools))) return false;
  }
  return !tools.signal.aborted;
}

/** Opens a connection for a line that has none; false where none can be had. */
async function openLine(line: Line, tools: LineTools): Promise<boolean> {
  try {
    line.connection = await connectUnlessEnding(tools.connect, tools.signal);
    line.carried = 0;
    tools.open.add(line.connection);
    line.failures = 0;
    return true;
  } catch (error) {
    line.failures += 1;
    if (!tools.signal.aborted) tools.unreachable(messageOf(error));
    return false;
  }
}

async function waitForPiece(line: Line, tools: LineTools): Promise<Piece | null> {
  await flush(line, tools);
  return tools.supply.take();
}

async function flush(line: Line, tools: LineTools): Promise<void> {
  const finished = line.finished;
  line.finished = null;
  if (finished) await tools.turns.exchange(finished, null);
}

async function closeLine(line: Line, tools: LineTools): Promise<void> {
  const { connection } = line;
  line.connection = null;
  if (!connection) return;
  tools.open.delete(connection);
  await connection.close();
}
