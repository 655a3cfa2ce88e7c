import type { ChosenPaper } from '../../model/newsletter.ts';
import type { Reason } from '../../model/match.ts';
import type { Translate } from '../../lib/strings.ts';
import { likeName } from './like-name.ts';
import { cleanText, shorten } from '../text/clean-text.ts';
import { latexToText } from '../text/latex-to-text.ts';
import { plainOf } from '../text/marked-text.ts';

/** Most reasons of a match that are shown for one paper. */
const SHOWN = 3;

/**
 * Words the reasons why a paper is in the newsletter, strongest first: the interest it answers, then what was found
 * where. What the reader's reactions did comes last and takes no other reason's place.
 */
export function reasonsInWords(chosen: ChosenPaper, t: Translate): string[] {
  const reaction = chosen.reaction ? inWords(chosen.reaction, t) : null;
  const worded = matchInWords(chosen.match, t);
  return reaction === null ? worded : [...worded, reaction];
}

/** Words why the match brought the paper, or that the trend did, strongest first. */
export function matchInWords(match: ChosenPaper['match'], t: Translate): string[] {
  if (!match) return [t('mail.reason.trend')];
  const interest = shown(match.interestText);
  const worded = match.reasons.map((reason) => inWords(reason, t)).filter((words) => words !== null);
  if (match.like && worded.length === 0) worded.push(likeName(t, match.like));
  else if (match.interestKind === 'topic') worded.unshift(t('mail.reason.topic', { text: interest }));
  else if (worded.length === 0) worded.push(t('mail.reason.interest', { text: interest }));
  return [...new Set(worded)].slice(0, SHOWN);
}

/** Returns the terms to look for in the abstract, strongest first. */
export function matchedTerms(chosen: ChosenPaper): string[] {
  return (chosen.match?.reasons ?? [])
    .filter(({ where }) => where === 'abstract')
    .flatMap(({ kind, text }) => (kind === 'words' ? text.split(', ') : [text]))
    .map((text) => plainOf(latexToText(cleanText(text), 'abstract')));
}

function inWords(reason: Reason, t: Translate): string | null {
  const text = shown(reason.text);
  if (text === '') return null;
  switch (reason.kind) {
    case 'phrase':
    case 'words':
    case 'title':
      return t(reason.where === 'title' ? 'mail.reason.in-title' : 'mail.reason.in-abstract', { text });
    case 'related':
      return t('mail.reason.related', { text });
    case 'concept':
      return t('mail.reason.concept', { text, concept: shown(reason.of ?? '') });
    case 'topic':
      return t('mail.reason.topic', { text });
    case 'author':
      return t('mail.reason.author', { text });
    case 'organization':
      return t('mail.reason.organization', { text });
    case 'example':
      return t('mail.reason.example', { text });
    case 'reaction':
      return t('mail.reason.reaction', { text });
    case 'trend':
      return t('mail.reason.trend');
  }
}

function shown(text: string): string {
  return shorten(plainOf(latexToText(cleanText(text), 'title')), 60);
}
