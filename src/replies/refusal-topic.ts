import type { RefusalTopic } from '../model/feedback.ts';
import { judgeReply } from './judge-reply.ts';
import { readReply, type About, type Refusal } from './read-reply.ts';

/** What the dialogue itself tells; the others are told by their words. */
const TOLD: Partial<Record<About, RefusalTopic>> = {
  ...{ address: 'address', mailbox: 'mailbox', us: 'us', rate: 'us' },
  ...{ session: 'network', crowd: 'network', system: 'network' },
};

/** Says what a refusal spoken in a session speaks of; null where no rule tells. */
export function refusalTopic(refusal: Refusal): RefusalTopic | null {
  const told = TOLD[readReply(refusal).about];
  if (told) return told;
  const { about } = judgeReply(refusal.reply);
  return about === 'address' ? 'policy' : about;
}
