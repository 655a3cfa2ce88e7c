import type { FeedbackKind } from '../model/feedback.ts';
import type { Topic } from '../replies/rule.ts';

export type { FeedbackKind } from '../model/feedback.ts';

/** What a report says of one recipient. */
export interface ReportedRecipient {
  address: string;
  kind: FeedbackKind;
  /** RFC 3463, for instance 5.1.1. */
  status: string | null;
  /** The SMTP code, for instance 550. */
  reply: string | null;
  about: Topic | null;
  /** The name of the rule that decided; null where none fits. */
  rule: string | null;
  /** The line that decided, in the report's own words. */
  line: string | null;
}

/** One mail that came back, understood. */
export interface FeedbackEvent {
  kind: FeedbackKind;
  recipients: ReportedRecipient[];
  /** What made it this kind, where no recipient's line did. */
  because: string;
}
