import { domainOf } from '../../model/address.ts';
import type { FinishedAttempt } from '../../model/attempt.ts';
import type { ClaimedDelivery } from '../../model/delivery.ts';
import type { SendResult } from '../../model/mail.ts';
import { isNotice, MAIL_KINDS } from '../../model/mail-kind.ts';
import { circumstances, classifyReply, readingOf, unfit, works } from './classify-reply.ts';
import type { SendingRun } from './sending-run.ts';

/** Says what becomes of each mail of a run, and stops the run where the fault is ours. */
export interface Judge {
  /**
   * Judges a mail by what its server said, which counts for its destination; `probe`: it only finds out whether that
   * server works again.
   */
  sent(delivery: ClaimedDelivery, result: SendResult, probe: boolean): FinishedAttempt;
  /** Judges a mail that could not be made; null where nothing is to be said of it. */
  unfit(delivery: ClaimedDelivery, problem: string): FinishedAttempt | null;
  /** Some mail was taken, or refused for its address alone: the way out works. */
  proven(): boolean;
}

/** Mails in a row that cannot be made, after which the fault is ours. */
const MOST_UNFITS = 20;

/**
 * Creates the judge of one run. One mail that cannot be made fails alone; many in a row, or the one that is the probe,
 * stop it.
 */
export function createJudge({ ctx, probe: isProbe, signal, stop, answers, crowded }: SendingRun): Judge {
  let unfitsInARow = 0;
  let proven = false;
  return {
    sent: (delivery, result, probe) => {
      const now = ctx.now();
      const isOperators = MAIL_KINDS[delivery.kind].audience === 'operator';
      if (!isOperators) answers.note(domainOf(delivery.email), result, now);
      const end = classifyReply(result, circumstances(ctx.config, delivery, now, probe));
      proven ||= works(result);
      if (readingOf(result)?.about === 'crowd') crowded.set(delivery, end.reply);
      unfitsInARow = 0;
      return { id: delivery.id, attempt: delivery.attempt, ...end };
    },
    unfit: ({ id, attempt, kind, doubted }, problem) => {
      if (signal.aborted) return null;
      unfitsInARow += 1;
      const end = unfit(problem, doubted);
      if (unfitsInARow >= (isProbe ? 1 : MOST_UNFITS)) {
        stop({ how: 'our-fault', problem: `${unfitsInARow} mails in a row, the last one: ${end.reply}` });
      }
      return isProbe && !isNotice(kind) ? null : { id, attempt, ...end };
    },
    proven: () => proven,
  };
}
