import type { ChosenPaper } from '../model/newsletter.ts';
import { cardView, type Detail } from './card-view.ts';
import { matchedSentence } from './excerpt.ts';
import { partAt } from './fragment.ts';
import { readingOf, renderPiece, twinOf, weightOf, type Card, type Setting } from './pieces.ts';
import type { Twin } from './plate.ts';
import { matchedTerms, matchInWords, reasonsInWords } from './reasons-in-words.ts';

/** Octets of a card beside its pieces. */
const OWN_WEIGHT = 500;

/** Returns the pieces that one paper's card is joined from; `level` is that of its heading. */
export function cardPieces(setting: Setting, chosen: ChosenPaper, detail: Detail, level: 2 | 3): readonly Twin[] {
  const { entry, upvotes, comments, match, reaction } = chosen;
  const make = () => renderCard(setting, chosen, detail, level);
  const card = setting.shelf[level][detail].get(match ? match.id : -entry.id, make);
  // A match is of a paper, which may be listed again another day, and its numbers rise.
  if (card.entryId !== entry.id || card.upvotes !== upvotes || card.comments !== comments) {
    Object.assign(card, { ...make(), weight: card.weight }); // which it was put on its shelf with
  }
  if (!reaction) return card.twins;
  const [says, , links] = card.twins;
  const key = `liked ${setting.language} ${match ? match.id : 0} ${reaction.text}`;
  const why = twinOf(setting, key, 'reasons', () => ({ reasons: reasonsInWords(chosen, setting.t) }));
  return [says, why, links];
}

/**
 * Renders a card: what the paper says, from the sentence that matched, the reasons why it is there, and its links. Each is kept once
 * and shared: most matches of a paper show the same sentences, all of them the same links, and many papers are there for the same
 * words. So what the mails of an edition are joined from is small enough to stay in the processor's cache.
 */
function renderCard(setting: Setting, chosen: ChosenPaper, detail: Detail, level: 2 | 3): Card {
  const { entry, upvotes, comments } = chosen;
  const { pieces, language, personal, t } = setting;
  const reading = readingOf(pieces, entry);
  const at = matchedSentence(reading.sentences, matchedTerms(chosen));
  const look = `${language} ${personal} ${entry.id} ${detail} ${level}`;
  let weight = OWN_WEIGHT;
  let rendered: [says: Twin, links: Twin] | undefined;
  const whole = () => {
    const view = cardView(reading, chosen, { detail, at, base: pieces.config.PUBLIC_URL, language }, t);
    const outward = view.discussionUrl !== null || view.codeUrl !== null;
    const acts = personal && detail !== 'title';
    const hasLinks = acts || outward;
    return halvesOf(renderPiece(setting, 'card', { ...view, level, personal: acts, outward, hasLinks }));
  };
  const half = (which: 0 | 1) => {
    rendered ??= whole();
    const twin = rendered[which];
    weight += weightOf(twin);
    return twin;
  };
  const says = pieces.kept.get(`says ${look} ${at} ${upvotes} ${comments}`, () => half(0));
  const links = pieces.kept.get(`links ${look}`, () => half(1));
  const reasons = matchInWords(chosen.match, t);
  const why = twinOf(setting, `reasons ${language} ${reasons.join('\n')}`, 'reasons', () => ({ reasons }));
  return { entryId: entry.id, upvotes, comments, twins: [says, why, links], weight };
}

/** Parts a card at its reasons. */
function halvesOf({ html, text }: Twin): [says: Twin, links: Twin] {
  const [htmlSays, htmlLinks] = partAt(html, 'reasons');
  const [textSays, textLinks] = partAt(text, 'reasons');
  return [
    { html: htmlSays, text: textSays, casts: [] },
    { html: htmlLinks, text: textLinks, casts: [] },
  ];
}
