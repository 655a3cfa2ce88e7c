import { judgeReply, type Judgement } from '../replies/judge-reply.ts';
import type { FeedbackKind, ReportedRecipient } from './event.ts';

/** What a server was quoted with, and what we make of it. */
export interface Evidence {
  /** Words to judge, the most telling first: the first that a rule fits decides. */
  words: readonly string[];
  status?: string | null;
  /** There is nothing but a server's answer that could say what was refused. */
  isAlone?: boolean;
}

const BLANKS = /\s+/g;
const ENHANCED = /(?:^|[^\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])/;
const BASIC = /(?:^|[\s:;<'"([-])([45][0-5]\d)(?=[\s:;,.#>'")\]-]|$)/;
/** It was the recipient that was refused (RFC 5321 3.3). */
const AT_THE_RECIPIENT =
  /\brcpt(?: to)? command|>>> rcpt|smtp[:>]\s?rcpt|(?:our|after|following) rcpt|\[rcpt_to\]|rcpt to:<|rejected recipient|not like recipient|rejected address|(?:^|[^\d.])5\.1\.(?:1|2|3|4|6|10|351)(?![\d.])/i;
/** A server that hears the mail before it says no does not speak of the address alone. */
const AFTER_THE_MAIL =
  /\bin reply to (?:the )?(?:end of )?data\b|\bafter (?:the )?(?:end of data|sending (?:the )?data|data)\b|did not like our final data|>>> (?:data\b|\.)|failed after i sent the message|smtp command -?data\b|\bdata command\b/i;
const CODE_OF_RECIPIENT = /(?:^|[^\d.])5\.1\.(?:1|2|3|4|6|10)(?![\d.])/;
/** What some servers wrap another's words in. */
const WRAPPINGS =
  /5\.1\.0 - unknown address error|remote server returned unknown recipient or mailbox unavailable -> |google tried to deliver your message, but it was rejected by the (?:server for the )?recipient domain|we recommend contacting the other email provider for further information about the cause of this error|permanent error\. the following address\(es\) failed|554 (?:5\.0\.0 )?service unavailable/gi;

/** Judges what a report says of one recipient. */
export function judgeRecipient(
  address: string,
  { words, status = null, isAlone = false }: Evidence,
): ReportedRecipient {
  const said = words
    .map((each) => each.replace(BLANKS, ' ').replace(WRAPPINGS, '').trim())
    .filter((each) => each !== '');
  const coded = said.map((each) => (status === null || each.includes(status) ? each : `${status} ${each}`));
  if (status !== null && said.length === 0) coded.push(status);
  const decided = firstThatTells(coded);
  const line = decided?.words ?? said[0] ?? null;
  const judged = decided?.judged;
  const quoted = said.map((each) => ENHANCED.exec(each)?.[1]).find((each) => each !== undefined);
  return {
    address,
    kind: kindOf(judged, coded.join(' '), isAlone),
    status: (SAYS_LITTLE.test(status ?? '') ? (quoted ?? status) : status) ?? quoted ?? null,
    reply: said.map((each) => BASIC.exec(each)?.[1]).find((each) => each !== undefined) ?? null,
    about: judged?.about ?? null,
    rule: judged?.rule?.name ?? null,
    line: line?.slice(0, 500) ?? null,
  };
}

const SAYS_LITTLE = /^$|^[245]\.(?:0\.0|5\.0|3\.0)$/;

/** Finds the first that says more than a code does, else the first of which a rule knows anything at all. */
function firstThatTells(all: readonly string[]): { words: string; judged: Judgement } | null {
  let little: ReturnType<typeof firstThatTells> = null;
  for (const words of all) {
    const found = { words, judged: judgeReply(words) };
    if (isPlain(found.judged)) return found;
    if (found.judged.rule) little ??= found;
  }
  return little;
}

/** Does it say more than a code does? */
function isPlain({ rule }: Judgement): boolean {
  return rule !== null && !/-status$/.test(rule.name);
}

function kindOf(judged: Judgement | undefined, all: string, isAlone: boolean): FeedbackKind {
  if (judged?.class !== 'hard') return 'soft';
  if (!judged.rule?.ofRecipient) return 'hard';
  if (AFTER_THE_MAIL.test(all) && !CODE_OF_RECIPIENT.test(all)) return 'soft';
  return isAlone || AT_THE_RECIPIENT.test(all) ? 'hard' : 'soft';
}
