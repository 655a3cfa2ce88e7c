import { TEMPLATE_VERSION, type NewsletterInput } from '../../model/newsletter.ts';
import type { Sample } from '../../model/sample.ts';
import type { Tx } from '../client.ts';
import { inputsOfRows } from './inputs.ts';
import { newsletterByPublicId, type NewsletterRow } from './newsletter-rows.ts';

/** Who gets a sample, and with which mail. */
export interface SampleMail {
  publicId: string;
  email: string;
  language: string;
  keyId: number;
  datedAt: Date;
}

/** Loads what composing a sample needs: a newsletter that bears no link of a reader's. */
export async function loadSampleInput(db: Tx, sample: Sample, mail: SampleMail): Promise<NewsletterInput> {
  const { edition: editionKey, ...rest } = sample;
  const { publicId, datedAt: at, ...to } = mail;
  const names = { deliveryPublicId: publicId, newsletterPublicId: publicId, subscriberPublicId: '' };
  const row: NewsletterRow = {
    ...{ deliveryId: null, ...names, ...to, generation: 0, editionKey, at },
    ...rest,
    templateVersion: TEMPLATE_VERSION,
  };
  const [input] = await inputsOfRows(db, [row]);
  if (!input) throw new Error('a sample without papers');
  return { ...input, test: true };
}

/** Makes a sample of a newsletter of an edition that is planned; null where there is none of that name in it. */
export async function sampleOfNewsletter(
  db: Tx,
  { edition, publicId, language }: { edition: string; publicId: string; language: string },
): Promise<Sample | null> {
  const [row] = await newsletterByPublicId(db, { publicId });
  if (row?.editionKey !== edition) return null;
  const noted = await db.newsletter.findUnique({ where: { publicId }, select: { note: { select: { words: true } } } });
  const words = (noted?.note?.words ?? {}) as Record<string, string>;
  const { issuedOn, entryIds, matchIds, upvotes, comments, trendingIds, moverIds, moverRises } = row;
  const { likedIds, perhapsIds, perhapsMatchIds, pickedIds, consideredCount, moreCount } = row;
  return {
    ...{ edition, issuedOn, entryIds, matchIds, upvotes, comments, trendingIds, moverIds, moverRises },
    ...{ likedIds, perhapsIds, perhapsMatchIds, pickedIds, consideredCount, moreCount },
    dayLine: row.dayLine as Sample['dayLine'],
    wordings: row.wordings as Sample['wordings'],
    editorNote: words[language] ?? null,
  };
}
