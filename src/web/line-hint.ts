import type { Translate } from '../lib/strings.ts';
import type { Wish } from '../model/interest.ts';
import { listedParts, readNegated } from '../model/negation.ts';
import { looksLikeList } from '../model/wish-lines.ts';

/**
 * Says what a line counts as, where one looks as if something else were meant: that a «not» leaves nothing out, or that
 * commas make no lines of their own; else ''.
 */
export function lineHint(t: Translate, wishes: readonly Wish[]): string {
  const lines = wishes.filter(({ kind }) => kind === 'words');
  for (const { text, muted } of lines) {
    const negated = muted ? undefined : listedParts(text).flatMap((part) => readNegated(part) ?? [])[0];
    if (negated) return negationHint(t, text, negated);
  }
  const found = lines.find(({ text }) => looksLikeList(text));
  return found ? t(found.muted ? 'form.muted.oneLine' : 'form.interests.oneLine', { text: found.text }) : '';
}

function negationHint(t: Translate, line: string, { word, text }: { word: string; text: string }): string {
  const negated = text.replace(/["“”„‟«»]/g, '').trim();
  const minus = /\s/.test(negated) ? `-"${negated}"` : `-${negated}`;
  return t('form.interests.negated', { text: line, word, negated, minus });
}
