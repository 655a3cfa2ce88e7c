import type { RefusalTopic } from '../model/feedback.ts';

/** What a refusal speaks of. */
export type Topic = RefusalTopic;

/** What it means for the address: hard means nothing will ever arrive there. */
export type ReplyClass = 'hard' | 'soft';

/** The questions that a live SMTP session asks of an answer beside whom it is about (`read-reply.ts`). */
export type Question =
  | 'session'
  | 'crowd'
  | 'timed-out'
  | 'greylisted'
  | 'allowance'
  | 'our-allowance'
  | 'our-sending'
  | 'our-account'
  | 'too-large'
  | 'mailbox'
  | 'relaying'
  | 'helo'
  | 'host-name'
  | 'sender'
  | 'authentication'
  | 'our-address'
  | 'blocked'
  | 'ip-address'
  | 'policy'
  | 'nobody-there';

/** One meaning of a server's words: a line of the table. */
export interface Rule {
  name: string;
  /** In a live session, in a report that came by mail, or in both. */
  where: 'session' | 'report' | 'both';
  /** Plain alternatives, so that it takes no longer on a long text than its length. */
  pattern: RegExp;
  about: Topic;
  class: ReplyClass;
  /** What the operator can do. */
  advice: string;
  /** Where it is written down. */
  source: string;
  /** A reply that it must match, and one much like it that it must not. */
  example: string;
  counterExample: string;
  /** Hard only where the recipient is what was asked about: at RCPT, or by a code of the recipient's (5.1.x). */
  ofRecipient?: boolean;
  /** The question of a session that it answers with yes. */
  answers?: Question;
}

/** A rule as its row is written: everything but the topic, which the table has in common. */
export type Row = [
  name: string,
  where: Rule['where'],
  pattern: RegExp,
  source: string,
  example: string,
  counterExample: string,
  more?: Partial<Pick<Rule, 'about' | 'class' | 'advice' | 'answers' | 'ofRecipient'>>,
];

/** Makes rules of a table's rows with what they have in common. */
export function rules(common: Pick<Rule, 'about' | 'class' | 'advice'>, rows: readonly Row[]): Rule[] {
  return rows.map(([name, where, pattern, source, example, counterExample, more]) => ({
    name,
    where,
    pattern,
    source,
    example,
    counterExample,
    ...common,
    ...more,
  }));
}
