import { TEMPLATE_VERSION, type NewsletterInput } from '../model/newsletter.ts';

/** Subject of the tokens in a preview: they belong to nobody, and their pages show a sample and change nothing. */
export const SAMPLE_SUBJECT = 'preview';

/** What a sample shows. */
type SampleChoice = Pick<
  NewsletterInput,
  'papers' | 'perhaps' | 'dayLine' | 'trending' | 'consideredCount' | 'moreCount'
>;

/**
 * What a sample says of itself beside its papers; the delivery's name and the address matter only where it becomes a
 * mail.
 */
type SampleHead = Pick<NewsletterInput, 'language' | 'keyId' | 'issuedOn' | 'digestOn' | 'at'> &
  Partial<Pick<NewsletterInput, 'deliveryPublicId' | 'email'>>;

/** Makes the composer's input of chosen papers: a newsletter that belongs to nobody. */
export function sampleInput(
  { papers, perhaps, dayLine, trending, consideredCount, moreCount }: SampleChoice,
  head: SampleHead,
): NewsletterInput {
  return {
    deliveryPublicId: SAMPLE_SUBJECT,
    newsletterPublicId: SAMPLE_SUBJECT,
    subscriberPublicId: SAMPLE_SUBJECT,
    email: '',
    generation: 1,
    editionKey: `daily:${head.issuedOn}`,
    templateVersion: TEMPLATE_VERSION,
    ...{ papers, trending, consideredCount, moreCount },
    ...(perhaps && { perhaps }),
    ...(dayLine && { dayLine }),
    ...head,
  };
}
