/** Titles and abstracts of papers that their authors or journal took back. */
const TITLE =
  /^\W{0,3}(?:withdrawn|retracted|removed|retraction(?: note| notice)?|withdrawal(?: note| notice)?|temporary removal)(?: article| paper)?(?: ?[:\]]| [-–—]|—)/i;
const ABSTRACT =
  /^(?:this|the) (?:paper|article|submission|manuscript|work|preprint|version|arxiv (?:paper|submission))(?: \([^()]{1,60}\))? (?:has been|was|is(?: being)?|have been) (?:temporarily )?(?:withdrawn|retracted|removed)\b|^(?:withdrawn|retracted)\b[.:]/i;
const COMMENT = /^(?:this (?:paper|article|submission) (?:has been|was|is) )?(?:withdrawn|retracted)\b/i;
/**
 * Titles of notices that mend another paper, or warn of it: the name before a sign, or with what it goes to. Papers are
 * titled «Corrections to scaling …» too, also by 't Hooft: after these words alone a notice names the other in quotes.
 */
const NOTICE =
  /^\W{0,3}(?:(?:(?:author|publisher|editorial|editor)(?:['’]?s)? )?(?:corrections?|errat(?:um|a)|corrigend(?:um|a)|add?end(?:um|a)|expression of concern)(?: ?[:\]]| [-–—]|—| to[: ](?<!^\W{0,3}corrections to )| to (?:["“„«]|['‘](?!t\b))| (?:for|on) .{1,80}\bet al\b))/i;

/**
 * Tells whether a paper was withdrawn or retracted, as arXiv, bioRxiv and journals say it, or is no paper but a notice
 * about another («Author Correction: …»).
 */
export function isWithdrawn({
  title,
  abstract,
  comment = '',
}: {
  title: string;
  abstract: string;
  comment?: string;
}): boolean {
  return TITLE.test(title) || NOTICE.test(title) || ABSTRACT.test(abstract) || COMMENT.test(comment.trim());
}
