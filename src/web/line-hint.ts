import type { Translate } from '../lib/strings.ts';
import { parseWords, type Wish } from '../model/interest.ts';
import { listedParts, readNegated } from '../model/negation.ts';
import { looksLikeList } from '../model/wish-lines.ts';

/**
 * Says what a line counts as, where one looks as if something else were meant: that a «not» leaves nothing out, or that
 * commas make no lines of their own; else ''.
 */
export function lineHint(t: Translate, wishes: readonly Wish[]): string {
  const lines = wishes.filter(({ kind }) => kind === 'words');
  for (const { text, muted } of lines) {
    const negated = muted ? null : negatedIn(text);
    if (negated) return negationHint(t, text, negated);
  }
  const found = lines.find(({ text }) => looksLikeList(text));
  return found ? t(found.muted ? 'form.muted.oneLine' : 'form.interests.oneLine', { text: found.text }) : '';
}

/** Finds the first of what a line negates beside something that it asks for, outside of quotes. */
function negatedIn(text: string): ReturnType<typeof readNegated> {
  const { words, phrases } = parseWords(text);
  const parts = listedParts(words.join(' ')).map(readNegated);
  return phrases.length > 0 || parts.includes(null) ? (parts.find((part) => part !== null) ?? null) : null;
}

function negationHint(t: Translate, line: string, { word, text }: { word: string; text: string }): string {
  const minus = /\s/.test(text) ? `-"${text}"` : `-${text}`;
  return t('form.interests.negated', { text: line, word, negated: text, minus });
}
