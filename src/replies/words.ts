/**
 * What servers say, in words: the questions that a live session asks of them. The wordings are rules of the table
 * (`rules/`); a reply is looked at up to MOST characters.
 */
import { asks } from './rules.ts';

/** Servers say what they mean at once. */
const MOST = 1_000;

const ENHANCED = /(?:^|[^\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])/;
const BLANKS = /\s+/;

/** Returns what a reply says, on one line and without addresses: a reader may be called `relay@spam.example`. */
export function plainWords(reply: string): string {
  const words = reply.slice(0, MOST).split(BLANKS);
  return words.filter((word) => !word.includes('@')).join(' ');
}

/** Returns the first enhanced status code of plain words (RFC 3463), or an empty string. */
export function enhancedCode(words: string): string {
  return ENHANCED.exec(words)?.[1] ?? '';
}

const SESSION_NOUN = /\b(session|connection)\b/i;
const SESSION_SPENT =
  /\b(too many|max|maximum|limit|limited|exceed|exceeded|exceeds|reached|quota|only|no (more|further)|enough|per|share|used up|exhausted)\b/i;
/** How many connections there are, or how fast they come, is no matter of this one. */
const OTHER_CONNECTIONS =
  /\b(concurrent|simultaneous|parallel|connection (rate|frequency|count)|rate|open connections)\b/i;

const isOver = asks('session');

/** The questions, to plain words. */
export const says = {
  /** Is this connection used up, whatever else may still be sent? */
  session: (words: string): boolean =>
    isOver(words) || (SESSION_NOUN.test(words) && SESSION_SPENT.test(words) && !OTHER_CONNECTIONS.test(words)),
  /** Is it a connection too many, which one less, or later, would mend? */
  crowd: asks('crowd'),
  timedOut: asks('timed-out'),
  greylisted: asks('greylisted'),
  /** Is there a limit, a rate or a quota in it? */
  allowance: asks('allowance'),
  /** Is it an allowance of ours: words a server has for its own customer, not for a stranger's mail? */
  ourAllowance: asks('our-allowance', 'our-sending'),
  /** Is it what we may send, or our account at a server for hire? */
  ourAccount: asks('our-sending', 'our-account'),
  tooLarge: asks('too-large'),
  /** Is it the state of the reader's mailbox? */
  mailbox: asks('mailbox'),
  /** Does it name what we do: relaying, HELO, sender, login? */
  blamesUs: asks('relaying', 'helo', 'sender', 'authentication'),
  /** Does it name our address or its reputation? */
  blamesOurAddress: asks('our-address'),
  /** Before a word of the mail was heard, what is blocked is who brings it. */
  blocked: asks('blocked'),
  ipAddress: asks('ip-address'),
  /** Is it our name, or who we are, that it cannot take just now? */
  doubtsUs: asks('helo', 'authentication', 'host-name'),
  /** Is it a judgement rather than the plain news that nobody lives there? */
  policy: asks('policy'),
  /** How servers without enhanced codes say that nobody lives there. */
  nobodyThere: asks('nobody-there'),
};
