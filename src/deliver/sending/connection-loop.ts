import type { Handing } from '../../db/ledger/record.ts';
import type { Mail, MailConnection } from '../../model/mail.ts';
import { isBeforeBody } from '../../replies/read-reply.ts';
import { readingOf, replyLine } from './classify-reply.ts';
import {
  closeLine,
  CONNECT_WAIT_MS,
  openLine,
  sendInSession,
  type Line,
  type Sent,
  type SessionTools,
} from './session.ts';
import type { Prefetch } from './prefetch.ts';
import type { Turns } from './group-commit.ts';
import type { ClaimedDelivery } from '../../model/delivery.ts';
import type { FinishedAttempt } from '../../model/attempt.ts';
import { pause } from './unless-ending.ts';

/** A mail ready to go, or why there is none, and whether the fault is ours and no mail could be made now. */
export type PreparedMail = { mail: Mail } | { problem: string; ours?: boolean };

/** A claimed delivery whose mail is being composed and signed. */
export interface Piece {
  delivery: ClaimedDelivery;
  /** Never rejects. */
  mail: Promise<PreparedMail>;
}

/** What a line works with; all that touches the world is handed in. */
export interface LineTools extends SessionTools {
  supply: Prefetch<Piece>;
  turns: Turns<FinishedAttempt, Handing>;
  /** Tells whether a connection that has carried so many mails is to be closed and another one opened. */
  isSpent: (connection: MailConnection, carried: number) => boolean;
  /** Takes the next place in the pace of all mail and of the connection's server: milliseconds to wait for it. */
  pace: (connection: MailConnection) => Promise<number>;
  judge: (delivery: ClaimedDelivery, sent: Sent) => FinishedAttempt;
  /** Null where it is not the mail's fault and nothing is to be said of it. */
  unfit: (delivery: ClaimedDelivery, problem: string, ours: boolean) => FinishedAttempt | null;
}

/** Failures to connect after which a line gives up for this run. */
const CONNECT_TRIES = 3;
/**
 * Sends mail after mail over one connection until the supply ends. A mail goes to DATA only after the turn that sets its handedAt is
 * written; its result travels with the next turn. Where no connection can be had, the mail goes back to the supply untouched.
 */
export async function runLine(tools: LineTools): Promise<void> {
  const line: Line = { connection: null, carried: 0, finished: null, failures: 0, insisted: new Set() };
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
    if (line.failures > 0) await flush(line, tools);
    if (line.failures > 0) await pause(CONNECT_WAIT_MS * 2 ** line.failures, tools.signal);
    return line.failures < CONNECT_TRIES;
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
  const sent = await sendInSession(line, line.connection, mail, tools);
  const { result } = sent;
  if (result.outcome === 'refused' && isBeforeBody(result.stage)) mail.free?.();
  line.finished = tools.judge(delivery, sent);
  const crowd = readingOf(result)?.about === 'crowd';
  line.failures = crowd ? line.failures + 1 : 0;
  if (crowd && result.outcome === 'refused') tools.unreachable(replyLine(result.reply));
  const goodbye = crowd || result.outcome === 'lost' || (result.outcome === 'refused' && result.code === 421);
  if (goodbye && line.connection) await closeLine(line, tools);
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

async function waitForPiece(line: Line, tools: LineTools): Promise<Piece | null> {
  await flush(line, tools);
  return tools.supply.take();
}

async function flush(line: Line, tools: LineTools): Promise<void> {
  const finished = line.finished;
  line.finished = null;
  if (finished) await tools.turns.exchange(finished, null);
}
