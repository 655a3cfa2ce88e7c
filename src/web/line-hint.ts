import type { Translate } from '../lib/strings.ts';
import type { Wish } from '../model/interest.ts';
import { looksLikeList } from '../model/wish-lines.ts';

/** Says that a line with commas counts as one wish, where one looks as if several were meant; else ''. */
export function lineHint(t: Translate, wishes: readonly Wish[]): string {
  const found = wishes.find(({ kind, text }) => kind === 'words' && looksLikeList(text));
  return found ? t(found.muted ? 'form.muted.oneLine' : 'form.interests.oneLine', { text: found.text }) : '';
}
