/**
 * Why a reader who had a slot in an edition got no mail: no paper was there for it · none that they had not had fits
 * what they asked for · what fits arrived before their last newsletter.
 */
export const NOTHING_REASONS = ['no-papers', 'none-fits', 'no-news'] as const;

export type NothingReason = (typeof NOTHING_REASONS)[number];

/** A reader for whom an edition held nothing. */
export interface Without {
  subscriberId: number;
  editionKey: string;
  reason: NothingReason;
}
