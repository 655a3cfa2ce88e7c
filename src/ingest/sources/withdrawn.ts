/** Titles and abstracts of papers that their authors or journal took back. */
const TITLE =
  /^\W{0,3}(?:withdrawn|retracted|removed|retraction(?: note| notice)?|withdrawal(?: note| notice)?|temporary removal)(?: article| paper)?(?: ?[:\]]| [-–—]|—)/i;
const ABSTRACT =
  /^(?:this|the) (?:paper|article|submission|manuscript|work|preprint|version|arxiv (?:paper|submission))(?: \([^()]{1,60}\))? (?:has been|was|is(?: being)?|have been) (?:temporarily )?(?:withdrawn|retracted|removed)\b|^(?:withdrawn|retracted)\b[.:]/i;
const COMMENT = /^(?:this (?:paper|article|submission) (?:has been|was|is) )?(?:withdrawn|retracted)\b/i;

/** Tells whether a paper was withdrawn or retracted, as arXiv, bioRxiv and journals say it. */
export function isWithdrawn({
  title,
  abstract,
  comment = '',
}: {
  title: string;
  abstract: string;
  comment?: string;
}): boolean {
  return TITLE.test(title) || ABSTRACT.test(abstract) || COMMENT.test(comment.trim());
}
