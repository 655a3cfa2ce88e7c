import type { SendResult, SmtpStage } from '../../model/mail.ts';
import { isBeforeBody, readReply, type Reading } from '../../replies/read-reply.ts';
import type { AttemptEnd, Refusal } from '../../model/attempt.ts';
import { judgeReply } from '../../replies/judge-reply.ts';

/** What is known besides the answer itself. */
export interface Circumstances {
  /** Tries so far, this one included. */
  tries: number;
  /** Claims so far, this one included: what exceeds the tries ended with nothing said of the mail. */
  attempt?: number;
  /** Waits between tries, in minutes; the last one is repeated. */
  retryMinutes: readonly number[];
  /** When it is too late for this mail (RFC 5321 4.5.4.1: how long to go on is the sender's choice); null: never. */
  lateAt: Date | null;
  /** What to do with a mail that may have arrived. */
  onUncertain: 'hold' | 'resend';
  /** An earlier try may have arrived. */
  doubted?: boolean;
  /** The mail only finds out whether the way out works again: whatever is said ends nobody's mail. */
  probe?: boolean;
  now: Date;
}

/**
 * A mail put off by the session, the relay or our own fault is due again after this, twice as long each time, and after
 * the first of `retryMinutes` at most.
 */
const SHORT_WAIT_MS = 30_000;
/** A mail that came too fast is due again after this; the pace holds it back by itself. */
const RATE_WAIT_MS = 2_000;
/** The last try comes this long before it is too late. */
const LAST_TRY_MS = 60_000;

/** What says nothing of the mail. */
const UNCOUNTED = new Set<Reading['about']>(['session', 'crowd', 'us']);

/**
 * Decides what an SMTP answer means: 2xx sent · what speaks of the session, of a rate or of us retried with no try
 * counted · other 4xx retried with back-off until it is too late, then failed · other 5xx bounced, and suppressed only
 * where RCPT refuses the address itself · lost before DATA was answered retried with no try counted, before the final
 * dot retried · lost after handing over uncertain (RFC 5321 4.2.1, 4.5.3.2.6, 4.5.4.1; RFC 3463).
 */
export function classifyReply(result: SendResult, known: Circumstances): AttemptEnd {
  if (result.outcome === 'accepted') return verdict('sent', 'sent', 'reply', result.reply);
  if (result.outcome === 'lost') return ofLost(result, known);
  const reading = readReply(result);
  const { stage, reply } = result;
  if (UNCOUNTED.has(reading.about) || known.probe) return again(stage, reply, known, shortWaitMs(known));
  if (reading.about === 'rate')
    return again(stage, reply, known, reading.everybody ? RATE_WAIT_MS : shortWaitMs(known));
  const end = result.code < 500 ? later('deferred', stage, reply, known) : verdict('bounced', 'bounced', stage, reply);
  return end.state === 'retrying' ? end : { ...end, refusal: refusalOf(reading, reply) };
}

/** What ends a mail is an event: of its address where RCPT refuses that, else of what the words speak of. */
function refusalOf({ about }: Reading, reply: string): Refusal {
  const judged = judgeReply(reply);
  const rule = judged.rule?.name ?? null;
  if (about === 'address') return { kind: 'hard', about: 'address', rule };
  if (about === 'mailbox') return { kind: 'soft', about: 'mailbox', rule };
  return { kind: 'soft', about: judged.about === 'address' ? 'policy' : judged.about, rule };
}

function ofLost(result: Extract<SendResult, { outcome: 'lost' }>, known: Circumstances): AttemptEnd {
  const { handedOver, stage, problem } = result;
  if (handedOver && known.onUncertain === 'hold') return verdict('uncertain', 'uncertain', stage, problem);
  if (handedOver) return inDoubt(stage, problem, known);
  if (isBeforeBody(stage) || known.probe) return again(stage, problem, known, shortWaitMs(known));
  return later('lost', stage, problem, known);
}

/**
 * Tells whether an answer may speak of the connection alone, so that the same mail is to be tried over a new one at
 * once: any loss before the body, 421 before the body, words that say so; and, over a connection that has carried mail,
 * a «too many» or «not now».
 */
export function endsSession(result: SendResult, carried: number): 'surely' | 'perhaps' | false {
  if (result.outcome === 'accepted') return false;
  if (result.outcome === 'lost') return !result.handedOver && isBeforeBody(result.stage) && 'perhaps';
  const { about } = readReply(result);
  if (about === 'session') return result.code === 421 ? 'perhaps' : 'surely';
  if (carried === 0 || result.code >= 500) return false;
  if (about === 'system' || about === 'later') return 'perhaps';
  return about === 'rate' && isBeforeBody(result.stage) && 'perhaps';
}

/** Tells whether a result proves that the way out works: taken, or refused for nothing but its address. */
export function works(result: SendResult): boolean {
  return result.outcome === 'accepted' || readingOf(result)?.about === 'address';
}

/** Reads a result as far as it is a refusal. */
export function readingOf(result: SendResult): Reading | null {
  return result.outcome === 'refused' ? readReply(result) : null;
}

/** Says what a mail that cannot be composed means: it fails alone, with its reason. */
export function unfit(problem: string, doubted: boolean): AttemptEnd {
  return { ...verdict(doubted ? 'uncertain' : 'failed', 'failed', 'mail', problem), stage: null };
}

/** Gathers the circumstances of a try from the settings. */
export function circumstances(
  settings: { RETRY_MINUTES: readonly number[]; ON_UNCERTAIN: 'hold' | 'resend' },
  { tries, attempt, doubted, lateAt }: { tries: number; attempt: number; doubted: boolean; lateAt: Date | null },
  now: Date,
  probe: boolean,
): Circumstances {
  const { RETRY_MINUTES: retryMinutes, ON_UNCERTAIN: onUncertain } = settings;
  return { tries: tries + 1, attempt, doubted, lateAt, retryMinutes, onUncertain, now, probe };
}

/** Nobody is asked every half minute for half a day. */
function shortWaitMs({ attempt = 0, tries }: Circumstances): number {
  return SHORT_WAIT_MS * 2 ** Math.min(10, Math.max(0, attempt - tries));
}

/** Again, with nothing said of the mail. */
function again(stage: SmtpStage, reply: string, { now, retryMinutes }: Circumstances, waitMs: number): AttemptEnd {
  const firstMs = (retryMinutes[0] ?? 1) * 60_000;
  return {
    ...verdict('retrying', 'deferred', stage, reply),
    nextAttemptAt: new Date(now.getTime() + Math.min(waitMs, firstMs)),
    counted: false,
  };
}

/** Again after the next wait; one last time shortly before it is too late, then never more. */
function later(outcome: 'lost' | 'deferred', stage: SmtpStage, reply: string, known: Circumstances): AttemptEnd {
  const nowMs = known.now.getTime();
  const waitMs = (known.retryMinutes[known.tries - 1] ?? known.retryMinutes.at(-1) ?? 1) * 60_000;
  const lastMs = known.lateAt === null ? Infinity : known.lateAt.getTime() - LAST_TRY_MS;
  if (nowMs >= lastMs) return verdict(known.doubted ? 'uncertain' : 'failed', outcome, stage, reply);
  return { ...verdict('retrying', outcome, stage, reply), nextAttemptAt: new Date(Math.min(nowMs + waitMs, lastMs)) };
}

/** A mail that may have arrived is sent again only as often as there are waits: it may be what breaks the server. */
function inDoubt(stage: SmtpStage, problem: string, known: Circumstances): AttemptEnd {
  const minutes = known.retryMinutes[known.tries - 1];
  if (minutes === undefined) return verdict('uncertain', 'uncertain', stage, problem);
  const nextAttemptAt = new Date(known.now.getTime() + minutes * 60_000);
  return { ...verdict('retrying', 'uncertain', stage, problem), nextAttemptAt };
}

function verdict(
  state: AttemptEnd['state'],
  outcome: AttemptEnd['outcome'],
  stage: SmtpStage,
  reply: string,
): AttemptEnd {
  return { state, outcome, stage, reply: replyLine(reply), nextAttemptAt: null, refusal: null, counted: true };
}

/** Makes a server's words safe to keep and show: one line, no control characters, at most 500 characters. */
export function replyLine(text: string): string {
  return text
    .slice(0, 2_000)
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, 500)
    .replace(/[\uD800-\uDBFF]$/, ''); // half a character
}
