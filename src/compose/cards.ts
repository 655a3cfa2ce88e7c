import type { ChosenPaper } from '../model/newsletter.ts';
import { cardView, type Detail } from './card-view.ts';
import { matchedSentence } from './excerpt.ts';
import { partAt } from './fragment.ts';
import { readingOf, render, twinOf, type Card, type Setting } from './pieces.ts';
import type { Twin } from './plate.ts';
import { matchedTerms, reasonsInWords } from './reasons-in-words.ts';

/** One paper as the pieces it is joined from; `level` is that of its heading. */
export function cardOf(setting: Setting, chosen: ChosenPaper, detail: Detail, level: 2 | 3): Twin[] {
  const { entry, upvotes, comments, match, reaction } = chosen;
  if (reaction) {
    const as = `${setting.language} ${setting.personal} ${level} ${detail} ${match ? match.id : 0} ${entry.id}`;
    const key = `${as} ${upvotes} ${comments} ${reaction.text}`;
    return setting.pieces.liked.get(key, () => renderCard(setting, chosen, detail, level));
  }
  const make = (): Card => ({
    entryId: entry.id,
    upvotes,
    comments,
    twins: renderCard(setting, chosen, detail, level),
  });
  const card = setting.shelf[level][detail].get(match ? match.id : -entry.id, make);
  // A match is of a paper, which may be listed again another day, and its numbers rise.
  if (card.entryId !== entry.id || card.upvotes !== upvotes || card.comments !== comments) Object.assign(card, make());
  return card.twins;
}

/**
 * A card is what the paper says, from the sentence that matched, the reasons why it is there, and its links. Each is kept once and
 * shared: most matches of a paper show the same sentences, all of them the same links, and many papers are there for the same words.
 * So what the mails of an edition are joined from is small enough to stay in the processor's cache.
 */
function renderCard(setting: Setting, chosen: ChosenPaper, detail: Detail, level: 2 | 3): Twin[] {
  const { entry, upvotes, comments } = chosen;
  const { pieces, language, personal, t } = setting;
  const reading = readingOf(pieces, entry);
  const at = matchedSentence(reading.sentences, matchedTerms(chosen));
  const look = `${language} ${personal} ${entry.id} ${detail} ${level}`;
  const whole = () => {
    const view = cardView(reading, chosen, { detail, at, base: pieces.config.PUBLIC_URL, language }, t);
    const outward = view.discussionUrl !== null || view.codeUrl !== null;
    const acts = personal && detail !== 'title';
    const { html, text } = render(setting, 'card', {
      ...view,
      level,
      personal: acts,
      outward,
      hasLinks: acts || outward,
    });
    const [htmlParts, textParts] = [partAt(html, 'reasons'), partAt(text, 'reasons')];
    return ([0, 1] as const).map((part) => ({ html: htmlParts[part], text: textParts[part], casts: [] }));
  };
  const says = pieces.kept.get(`says ${look} ${at} ${upvotes} ${comments}`, () => whole()[0]!);
  const linked = pieces.kept.get(`linked ${look}`, () => whole()[1]!);
  const reasons = reasonsInWords(chosen, t);
  const why = twinOf(setting, `reasons ${language} ${reasons.join('\n')}`, 'reasons', () => ({ reasons }));
  return [says, why, linked];
}
