import type { Handing } from '../../db/ledger/record.ts';
import type { Mail, MailConnection } from '../../model/mail.ts';
import { isBeforeBody } from '../../replies/read-reply.ts';
import { readingOf, replyLine } from './classify-reply.ts';
import { closeConnection, CONNECT_WAIT_MS, openConnection, sendInSession } from './session.ts';
import type { Loop, Sent, SessionTools } from './session.ts';
import type { GroupCommit } from './group-commit.ts';
import type { Prefetch } from './prefetch.ts';
import type { LoopEnd } from './run-end.ts';
import type { ClaimedDelivery } from '../../model/delivery.ts';
import type { FinishedAttempt } from '../../model/attempt.ts';
import { pause } from './unless-ending.ts';

/** A mail ready to go, or why there is none, and whether the fault is ours and no mail could be made now. */
export type PreparedMail = { mail: Mail } | { problem: string; ours?: boolean };

/** A claimed delivery whose mail is being composed and signed. */
export interface Outgoing {
  delivery: ClaimedDelivery;
  /** Never rejects. */
  mail: Promise<PreparedMail>;
}

/** What a loop works with; all that touches the world is handed in. */
export interface LoopTools extends SessionTools {
  prefetch: Prefetch<Outgoing>;
  ledger: GroupCommit<FinishedAttempt, Handing>;
  /** Tells whether a connection that has carried so many mails is to be closed and another one opened. */
  isSpent: (connection: MailConnection, carried: number) => boolean;
  /** Takes the next place in the pace of all mail and of the connection's server: milliseconds to wait for it. */
  pace: (connection: MailConnection) => Promise<number>;
  judge: (delivery: ClaimedDelivery, sent: Sent) => FinishedAttempt;
  /** Null where it is not the mail's fault and nothing is to be said of it. */
  unfit: (delivery: ClaimedDelivery, problem: string, ours: boolean) => FinishedAttempt | null;
}

/** Failures to connect after which a loop gives up for this run. */
const CONNECT_TRIES = 3;

/**
 * Sends mail after mail over one connection until there is no more, or no connection can be had, and says which. A mail
 * goes to DATA only after the batch that sets its handedAt is written; its result travels with the next batch. Where no
 * connection can be had, the mail goes back untouched.
 */
export async function runConnectionLoop(tools: LoopTools): Promise<LoopEnd> {
  const loop: Loop = {
    ...{ connection: null, carried: 0, finished: null, insisted: new Set() },
    ...{ failures: 0, problem: '', crowded: false },
  };
  try {
    for (;;) {
      const outgoing = tools.prefetch.poll() ?? (await waitForMail(loop, tools));
      if (!outgoing) return { how: 'drained' };
      try {
        if (!(await workOn(outgoing, loop, tools))) return endOfLoop(loop);
      } finally {
        tools.prefetch.settle(outgoing);
      }
    }
  } finally {
    try {
      await flush(loop, tools);
    } finally {
      await closeConnection(loop, tools);
    }
  }
}

/** Of a loop that was told to end, «drained» is said as well: the run knows why it was told. */
function endOfLoop({ failures, problem, crowded }: Loop): LoopEnd {
  if (failures < CONNECT_TRIES) return { how: 'drained' };
  return { how: crowded ? 'crowded' : 'unreachable', problem };
}

/**
 * Deals with one mail: it cannot be made, or it finds no connection and goes back, or it is sent, and its result waits
 * in `loop.finished` for the next batch. False where the loop has to give up.
 */
async function workOn(outgoing: Outgoing, loop: Loop, tools: LoopTools): Promise<boolean> {
  const ready = await outgoing.mail;
  if ('problem' in ready) {
    await flush(loop, tools);
    const finished = tools.unfit(outgoing.delivery, ready.problem, ready.ours ?? false);
    if (finished) await tools.ledger.record(finished);
    else tools.prefetch.putBack(outgoing);
  } else if (!(await freshConnection(loop, tools)) || !(await keepPace(loop, tools))) {
    tools.prefetch.putBack(outgoing);
    if (loop.failures >= CONNECT_TRIES || tools.signal.aborted) return false;
    await pause(CONNECT_WAIT_MS * 2 ** loop.failures, tools.signal);
  } else {
    await sendOne(loop, outgoing.delivery, ready.mail, tools);
    // It was one connection too many (`crowd`): nothing goes with its result for a while, so that is written now.
    if (loop.failures > 0) await flush(loop, tools);
    if (loop.failures > 0) await pause(CONNECT_WAIT_MS * 2 ** loop.failures, tools.signal);
    return loop.failures < CONNECT_TRIES;
  }
  return true;
}

async function sendOne(loop: Loop, delivery: ClaimedDelivery, mail: Mail, tools: LoopTools): Promise<void> {
  const finished = loop.finished;
  loop.finished = null;
  const { id, attempt, datedAt, doubted } = delivery;
  const handing = { id, attempt, messageId: mail.messageId, datedAt, doubted };
  const allowed = await tools.ledger.exchange(finished, handing);
  if (!allowed || !loop.connection) return;
  const announced = { mail, mayStillGo: () => tools.ledger.again(handing) };
  const sent = await sendInSession(loop, loop.connection, announced, tools);
  if (!sent) return;
  const { result } = sent;
  // Not sooner, since a session may send it again; where its body went over, the connection frees it.
  if (result.outcome === 'refused' && isBeforeBody(result.stage)) mail.free?.();
  loop.finished = tools.judge(delivery, sent);
  const crowd = readingOf(result)?.about === 'crowd';
  loop.crowded = crowd;
  loop.failures = crowd ? loop.failures + 1 : 0;
  if (crowd && result.outcome === 'refused') tools.unreachable((loop.problem = replyLine(result.reply)));
  const goodbye = crowd || result.outcome === 'lost' || (result.outcome === 'refused' && result.code === 421);
  if (goodbye) await closeConnection(loop, tools);
}

/** Waits for our place in the pace; what is finished does not wait with us. False where the run ends meanwhile. */
async function keepPace(loop: Loop, tools: LoopTools): Promise<boolean> {
  if (!loop.connection) return false;
  const waitMs = await tools.pace(loop.connection);
  if (waitMs > 0) {
    await flush(loop, tools);
    await pause(waitMs, tools.signal);
  }
  return !tools.signal.aborted;
}

/** Sees to an open connection: one that has gone, or has carried its share, is replaced. */
async function freshConnection(loop: Loop, tools: LoopTools): Promise<boolean> {
  const { connection } = loop;
  const spent = connection && tools.isSpent(connection, loop.carried);
  if (!connection || spent || connection.usable?.() === false) {
    await flush(loop, tools);
    await closeConnection(loop, tools);
    if (!(await openConnection(loop, tools))) return false;
  }
  return !tools.signal.aborted;
}

async function waitForMail(loop: Loop, tools: LoopTools): Promise<Outgoing | null> {
  await flush(loop, tools);
  return tools.prefetch.take();
}

/** Has the result that waits recorded, with no mail behind it. */
async function flush(loop: Loop, tools: LoopTools): Promise<void> {
  const finished = loop.finished;
  loop.finished = null;
  if (finished) await tools.ledger.exchange(finished, null);
}
