import type { Tx } from '../db/client.ts';
import { cancelDeliveries } from '../db/ledger/deliveries.ts';
import { forgetFeedbackOf, forgetNamed } from '../db/feedback/reports.ts';
import { forgetDestinations } from '../db/feedback/weather.ts';
import { forgetAnswersAbout } from '../db/operator/api-answers.ts';
import { forgetChangesOf } from '../db/operator/audit.ts';
import { forgetImportRowsOf } from '../db/operator/errand-leftovers.ts';
import { addressesOf, anonymiseDeliveries, deleteSubscriber, type PastAddress } from '../db/subscribers/erase.ts';
import { domainOf } from '../model/address.ts';
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

/**
 * Deletes a person, and what names their addresses without being theirs: reports of no mail that could be found, rows
 * of imports, what is counted of a domain of their own. Returns each address once, the present one first.
 */
export async function forgetPerson(
  tx: Tx,
  subscriber: Subscriber,
  reason: EndReason,
  now: Date,
): Promise<PastAddress[]> {
  const past = await addressesOf(tx, subscriber.id);
  await deletePerson(tx, subscriber, reason, now);
  const addresses = [
    { email: subscriber.email, theirs: true },
    ...past.filter(({ email }) => email !== subscriber.email),
  ];
  const emails = addresses.map(({ email }) => email);
  await forgetImportRowsOf(tx, emails);
  await forgetNamed(tx, emails);
  await forgetDestinations(tx, [...new Set(emails.map(domainOf))]);
  return addresses;
}
