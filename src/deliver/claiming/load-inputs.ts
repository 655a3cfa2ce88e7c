import type { Db } from '../../db/client.ts';
import { loadNewsletterInputs } from '../../db/newsletters/inputs.ts';
import { loadSampleInput } from '../../db/newsletters/sample-input.ts';
import { messageOf } from '../../lib/errors.ts';
import { isOutage } from '../../lib/outage.ts';
import type { Claimed } from '../sending/prepare-mail.ts';
import type { ClaimedDelivery } from '../../model/delivery.ts';
import { isNotice } from '../../model/mail-kind.ts';
import { readNotice, sampleIn } from '../../model/notice.ts';

const GONE = { problem: 'its newsletter is not there any more' };
/** Of a newsletter that the journal brought into a restored database, its papers alone are known. */
const LOST = { problem: 'what stood in it was lost with the database; the journal knows its papers alone' };

/** Loads what a batch of claims is made of, in few queries; one that cannot be loaded says so and harms no other. */
export async function withInputs(db: Db, claimed: ClaimedDelivery[]): Promise<Claimed[]> {
  const ids = claimed.filter(({ kind }) => !isNotice(kind)).map(({ id }) => id);
  const inputs = ids.length > 0 ? await loadEach(db, ids) : new Map<bigint, Claimed['input']>();
  return Promise.all(
    claimed.map(async (delivery) => ({
      delivery,
      input: isNotice(delivery.kind) ? await shownBy(db, delivery) : whole(inputs.get(delivery.id)),
    })),
  );
}

function whole(input: Claimed['input'] | undefined): Claimed['input'] {
  if (!input) return GONE;
  return !('problem' in input) && input.papers.length === 0 ? LOST : input;
}

/** Loads the newsletter that a notice shows; null where it shows none. */
async function shownBy(db: Db, delivery: ClaimedDelivery): Promise<Claimed['input']> {
  if (!isNotice(delivery.kind) || delivery.payload === null) return null;
  try {
    const sample = sampleIn(readNotice(delivery.kind, delivery.payload));
    return sample && (await loadSampleInput(db, sample, delivery));
  } catch (error) {
    if (isOutage(error)) throw error;
    return { problem: `it could not be loaded: ${messageOf(error)}` };
  }
}

async function loadEach(db: Db, ids: bigint[]): Promise<Map<bigint, Claimed['input']>> {
  try {
    return await loadNewsletterInputs(db, ids);
  } catch (error) {
    if (isOutage(error)) throw error;
    if (ids.length === 1)
      return new Map(ids.map((id) => [id, { problem: `it could not be loaded: ${messageOf(error)}` }]));
    const parts = await Promise.all([
      loadEach(db, ids.slice(0, ids.length / 2)),
      loadEach(db, ids.slice(ids.length / 2)),
    ]);
    return new Map(parts.flatMap((part) => [...part]));
  }
}
