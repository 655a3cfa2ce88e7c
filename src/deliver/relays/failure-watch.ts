import type { SendResult } from '../../model/mail.ts';
import { readReply } from '../../replies/read-reply.ts';
import { replyLine } from '../sending/classify-reply.ts';

/** One result as the watch sees it. */
export interface Seen {
  result: SendResult;
  /** The recipient's domain. */
  domain: string;
  /** It was tried before: a first «later» may be greylisting, which passes if every mail is tried. */
  tried: boolean;
}

/** Watches what becomes of the mails over one way out. */
export interface FailureWatch {
  /** Notes a result; returns what is wrong once it cannot be the mails' fault. */
  note(seen: Seen): string | null;
  /** At the end of a run too short for that: what all of its mails heard, if it was the same and nothing worked. */
  atEnd(): string | null;
}

interface Options {
  connections: number;
  /** One mail finds out whether the way out works again: any failure is enough. */
  probe: boolean;
  /** Domains among the recipients of this run: evidence has to come from several, where there are several. */
  domains: () => number;
}

/** Failures in a row after which the fault is the way out's, not the mails'. */
const MOST_IN_A_ROW = 20;
/** Failures after which it is so too where they are half of what was seen lately. */
const MOST_OF_LATE = 50;
/** Mails that hear that the fault is ours, with none between them that got through. */
const MOST_OURS = 3;
/** Mails put off in the same words, when they are two thirds of the last LATELY. */
const MOST_PUT_OFF = 8;
const LATELY = 20;
/** Domains that have to hear it, where the run has so many. */
const SEVERAL = 3;
/** Mails that say something of a whole run, at its end. */
const ENOUGH_FOR_ALL = 2;

type Sign = 'works' | 'ours' | 'put off' | 'fails' | 'silent';

interface Noted {
  sign: Sign;
  signature: string;
  domain: string;
  words: string;
}

/**
 * What one result says of the way out: a busy mailbox, a rate (which the pace answers), one connection too many (others
 * hold the places) and a first «not now» to a recipient say nothing.
 */
function signOf({ result, tried }: Seen, probe: boolean): Sign {
  if (result.outcome === 'accepted') return 'works';
  if (result.outcome === 'lost') return 'fails';
  const { about } = readReply(result);
  if (about === 'address') return 'works';
  if (about === 'us') return 'ours';
  if (about === 'mailbox') return result.code >= 500 ? 'fails' : 'silent';
  if (about === 'refused') return 'fails';
  if (about === 'crowd' || (about === 'rate' && !probe)) return 'silent';
  // Greylisting has many words and codes, and begins with the recipient.
  const ofAll = result.stage === 'mail' || (about === 'session' && result.code >= 500);
  return ofAll || probe || tried ? 'put off' : 'silent';
}

/**
 * Creates a watch. It speaks of a way out where three mails of several domains hear that the fault is ours, where most
 * of the last twenty are put off in the same words, or where twenty mails fail in a row (two rounds of all
 * connections), or fifty of the last hundred.
 */
export function createFailureWatch({ connections, probe, domains }: Options): FailureWatch {
  // A server that restarts cuts all connections at once: that is one failure each, and no row yet.
  const mostInARow = Math.max(MOST_IN_A_ROW, 2 * connections);
  const mostOfLate = Math.max(MOST_OF_LATE, mostInARow);
  const late: Noted[] = [];

  const several = (noted: readonly Noted[]) => spread(noted) >= Math.min(SEVERAL, domains());

  return {
    note: (seen) => {
      const sign = signOf(seen, probe);
      if (sign === 'silent') return null;
      const last = { sign, signature: signatureOf(seen.result), domain: seen.domain, words: wordsOf(seen.result) };
      late.push(last);
      if (late.length > 4 * mostOfLate) late.splice(0, late.length - 2 * mostOfLate);
      if (sign === 'works') return null;
      if (probe) return last.words;
      if (sign === 'put off') return putOff(late, last, several);
      return (sign === 'ours' ? ours(late, last, several) : null) ?? fails(late, last, mostInARow, mostOfLate);
    },
    atEnd: () => {
      const last = late.at(-1);
      if (!last || late.length < ENOUGH_FOR_ALL || !(last.sign === 'ours' || last.sign === 'put off')) return null;
      if (!late.every(({ signature }) => signature === last.signature) || !several(late)) return null;
      return `all ${late.length} mails heard: ${last.words}`;
    },
  };
}

function spread(noted: readonly Noted[]): number {
  return new Set(noted.map(({ domain }) => domain)).size;
}

/** Mails that hear since the last one got through that the fault is ours. */
function ours(late: readonly Noted[], last: Noted, several: (noted: readonly Noted[]) => boolean): string | null {
  const heard = late
    .slice(late.findLastIndex(({ sign }) => sign === 'works') + 1)
    .filter(({ sign }) => sign === 'ours');
  if (heard.length < MOST_OURS || !several(heard)) return null;
  return `${heard.length} mails heard that the fault is ours, the last one: ${last.words}`;
}

/** Mails put off in the same words. */
function putOff(late: readonly Noted[], last: Noted, several: (noted: readonly Noted[]) => boolean): string | null {
  const lately = late.slice(-LATELY);
  const same = lately.filter(({ sign, signature }) => sign === 'put off' && signature === last.signature);
  if (same.length < MOST_PUT_OFF || same.length * 3 < lately.length * 2 || !several(same)) return null;
  return `${same.length} of the last ${lately.length} mails were put off: ${last.words}`;
}

/** Failures of any kind, in a row or among the last ones. */
function fails(late: readonly Noted[], last: Noted, mostInARow: number, mostOfLate: number): string | null {
  const heard = late.filter(({ sign }) => sign !== 'put off');
  const inARow = heard.length - 1 - heard.findLastIndex(({ sign }) => sign === 'works');
  if (inARow >= mostInARow) return `${inARow} failures in a row, the last one: ${last.words}`;
  const lately = heard.slice(-2 * mostOfLate);
  const failed = lately.filter(({ sign }) => sign !== 'works').length;
  if (failed >= mostOfLate) return `${failed} of the last ${lately.length} mails failed, the last one: ${last.words}`;
  return null;
}

function signatureOf(result: SendResult): string {
  return result.outcome === 'refused' ? readReply(result).signature : result.outcome;
}

function wordsOf(result: SendResult): string {
  return replyLine(result.outcome === 'lost' ? result.problem : result.reply);
}
