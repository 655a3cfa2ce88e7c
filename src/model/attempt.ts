import type { DeliveryState, EndReason } from './delivery.ts';
import type { RefusalTopic } from './feedback.ts';
import type { SmtpStage } from './mail.ts';

/** What a server refused a mail for, in its session. */
export interface Refusal {
  kind: 'hard' | 'soft';
  about: RefusalTopic | null;
  /** The name of the rule that tells. */
  rule: string | null;
}

/** How one attempt at a delivery ended. */
export interface AttemptEnd {
  /** What becomes of the delivery. */
  state: Extract<DeliveryState, 'sent' | 'retrying' | 'bounced' | 'failed' | 'uncertain'>;
  /** What the attempt itself came to. */
  outcome: 'sent' | 'deferred' | 'bounced' | 'lost' | 'uncertain' | 'failed';
  stage: SmtpStage | null;
  /** The server's words, or ours: one line, at most 500 characters. */
  reply: string;
  /** For retrying: when it is due again. */
  nextAttemptAt: Date | null;
  /** What it was refused for, where that ends it: an event. */
  refusal: Refusal | null;
  /** False where the answer says nothing of this mail: no try is counted. */
  counted: boolean;
}

/** The end of one attempt at one delivery, ready for the ledger. */
export interface FinishedAttempt extends AttemptEnd {
  id: bigint;
  attempt: number;
}

/** Says why a delivery ends with this attempt; null where it is sent or tried again. */
export function endReasonOf({ state, outcome }: Pick<AttemptEnd, 'state' | 'outcome'>): EndReason | null {
  if (state === 'sent' || state === 'retrying') return null;
  if (state === 'bounced') return 'refused';
  if (outcome === 'failed') return 'not_composed';
  return outcome === 'uncertain' ? 'lost' : 'used_up';
}
