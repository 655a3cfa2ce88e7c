import type { ChosenPaper, NewsletterInput } from '../../model/newsletter.ts';
import type { Translate } from '../../lib/strings.ts';
import { likeName } from './like-name.ts';
import { cleanText, shorten } from '../text/clean-text.ts';

/** Papers under one heading, or under none. */
export interface PaperGroup {
  title: string | null;
  papers: ChosenPaper[];
}

/**
 * Groups the papers of a weekly newsletter by the interest that brought them, the group of the best paper first; papers
 * that are there by trend come last. Any other newsletter, and one with a single group, stays in order under no
 * heading.
 */
export function groupPapers(input: NewsletterInput, weekly: boolean, t: Translate): PaperGroup[] {
  if (!weekly) return [{ title: null, papers: input.papers }];
  const groups = new Map<number, ChosenPaper[]>();
  for (const paper of input.papers) {
    const id = paper.match?.interestId ?? -1;
    groups.set(id, [...(groups.get(id) ?? []), paper]);
  }
  const trend = groups.get(-1);
  groups.delete(-1);
  if (groups.size + (trend ? 1 : 0) < 2) return [{ title: null, papers: input.papers }];
  return [
    ...[...groups.values()].map((papers) => ({ title: titleOf(papers, t), papers })),
    ...(trend ? [{ title: t('mail.group.trend'), papers: trend }] : []),
  ];
}

function titleOf(papers: readonly ChosenPaper[], t: Translate): string {
  const like = papers[0]?.match?.like;
  if (like) return likeName(t, like);
  const text = cleanText((papers[0]?.match?.interestText ?? '').replace(/"/g, ''));
  return shorten(
    text.replace(/^\p{Ll}/u, (letter) => letter.toUpperCase()),
    80,
  );
}
