import { setTimeout as sleep } from 'node:timers/promises';
import type { ClaimedDelivery } from '../db/deliveries-claim.ts';
import type { FinishedAttempt, Handing } from '../db/deliveries-record.ts';
import { messageOf } from '../lib/errors.ts';
import type { Mail, MailConnection, SendResult } from '../model/mail.ts';
import type { Supply } from './supply.ts';
import type { Turns } from './turns.ts';

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
  /** Mails after which a connection is closed and another one opened. */
  mostPerConnection: number;
  /** Takes the next place in the pace: milliseconds to wait for it. */
  pace: () => Promise<number>;
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
  if (!('problem' in ready)) await keepPace(line, tools);
  if ('problem' in ready) {
    await flush(line, tools);
    const finished = tools.unfit(piece.delivery, ready.problem, ready.ours ?? false);
    if (finished) await tools.turns.record(finished);
    else tools.supply.putBack(piece);
  } else if (!(await prepareLine(line, tools))) {
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
  line.carried += 1;
  const result = await line.connection.send(mail);
  line.finished = tools.judge(delivery, result, line.connection);
  const goodbye = result.outcome === 'lost' || (result.outcome === 'refused' && result.code === 421);
  if (goodbye) await closeLine(line, tools);
}

/** Waits for our place in the pace, which is taken only with a mail in hand; what is finished does not wait with us. */
async function keepPace(line: Line, tools: LineTools): Promise<void> {
  const waitMs = await tools.pace();
  if (waitMs <= 0) return;
  await flush(line, tools);
  await pause(waitMs, tools.signal);
}

/** Sees to an open connection: one that has gone, or has carried its share, is replaced. */
async function prepareLine(line: Line, tools: LineTools): Promise<boolean> {
  const spent = line.carried >= tools.mostPerConnection || line.connection?.usable?.() === false;
  if (spent || !line.connection) {
    await flush(line, tools);
    await closeLine(line, tools);
    try {
      line.connection = await connectUnlessEnding(tools);
      line.carried = 0;
      tools.open.add(line.connection);
      line.failures = 0;
    } catch (error) {
      line.failures += 1;
      if (!tools.signal.aborted) tools.unreachable(messageOf(error));
      return false;
    }
  }
  return !tools.signal.aborted;
}

/** A server that does not answer must not keep the process from ending. */
async function connectUnlessEnding({ connect, signal }: LineTools): Promise<MailConnection> {
  let giveUp = () => {};
  const ending = new Promise<never>((_, reject) => {
    giveUp = () => reject(new Error('ending'));
    signal.addEventListener('abort', giveUp, { once: true });
  });
  const opening = connect();
  try {
    return await Promise.race([opening, ending]);
  } catch (error) {
    opening.then((late) => late.close()).catch(() => {});
    throw error;
  } finally {
    signal.removeEventListener('abort', giveUp);
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

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => {});
}
