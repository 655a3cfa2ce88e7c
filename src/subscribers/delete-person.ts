import type { Tx } from '../db/client.ts';
import { cancelDeliveries } from '../db/ledger/deliveries.ts';
import { forgetFeedbackOf } from '../db/feedback/reports.ts';
import { forgetAnswersAbout } from '../db/operator/api-answers.ts';
import { forgetChangesOf } from '../db/operator/audit.ts';
import { anonymiseDeliveries, deleteSubscriber } from '../db/subscribers/erase.ts';
import type { EndReason } from '../model/delivery.ts';
import type { Subscriber } from '../model/subscriber.ts';

/**
 * Deletes everything that names a person: row, interests nobody else holds, questions, evidence, newsletters. The
 * ledger keeps its rows, without person and address, so that its sums still add up.
 */
export async function deletePerson(tx: Tx, subscriber: Subscriber, reason: EndReason, now: Date): Promise<void> {
  await cancelDeliveries(tx, subscriber.id, reason, now);
  await forgetFeedbackOf(tx, subscriber.id);
  await anonymiseDeliveries(tx, subscriber.id);
  await deleteSubscriber(tx, subscriber.id);
  await forgetAnswersAbout(tx, subscriber.publicId);
  await forgetChangesOf(tx, subscriber.publicId);
}
