import type { ChosenPaper } from '../../model/newsletter.ts';
import { cardView, type Detail } from './card-view.ts';
import { matchedSentence } from '../text/excerpt.ts';
import { partAt } from '../wire/fragment.ts';
import { readingOf, renderFragments, pairOf, weightOf, type Card, type CardContext } from './fragment-cache.ts';
import type { FragmentPair } from '../wire/stencil.ts';
import { matchedTerms, matchInWords, reasonsInWords } from './reasons-in-words.ts';

/** Octets of a card beside its fragments. */
const OWN_WEIGHT = 500;

/** Returns the fragments that one paper's card is joined from; `level` is that of its heading. */
export function cardFragments(
  context: CardContext,
  chosen: ChosenPaper,
  detail: Detail,
  level: 2 | 3,
): readonly FragmentPair[] {
  const { entry, upvotes, comments, match, reaction } = chosen;
  const make = () => renderCard(context, chosen, detail, level);
  const card = context.cards[level][detail].get(match ? match.id : -entry.id, make);
  // A match is of a paper, which may be listed again another day, and its numbers rise.
  if (card.entryId !== entry.id || card.upvotes !== upvotes || card.comments !== comments) {
    Object.assign(card, { ...make(), weight: card.weight }); // which it was put into the cache with
  }
  if (!reaction) return card.pairs;
  const [says, , links] = card.pairs;
  const key = `liked ${context.language} ${match ? match.id : 0} ${reaction.text}`;
  const why = pairOf(context, key, 'reasons', () => ({ reasons: reasonsInWords(chosen, context.t) }));
  return [says, why, links];
}

/**
 * Renders a card: what is new and what came out (where the abstract tells neither, the sentence that matched), the
 * reasons why it is there, and its links. Each is kept once and shared: most readers of a paper see the same sentences,
 * all of them the same links, and many papers are there for the same words. So what the mails of an edition are joined
 * from is small enough to stay in the processor's cache.
 */
function renderCard(context: CardContext, chosen: ChosenPaper, detail: Detail, level: 2 | 3): Card {
  const { entry, upvotes, comments } = chosen;
  const { cache, language, personal, t } = context;
  const reading = readingOf(cache, entry);
  const told = reading.said.isNew !== '' || reading.said.cameOut !== '';
  const at = told ? 0 : matchedSentence(reading.sentences, matchedTerms(chosen));
  const look = `${language} ${personal} ${entry.id} ${detail} ${level}`;
  let weight = OWN_WEIGHT;
  let rendered: [says: FragmentPair, links: FragmentPair] | undefined;
  const whole = () => {
    const view = cardView(reading, chosen, { detail, at, base: cache.config.PUBLIC_URL, language }, t);
    const outward = view.discussionUrl !== null || view.codeUrl !== null;
    const acts = personal && detail !== 'title';
    const hasLinks = acts || outward;
    return halvesOf(renderFragments(context, 'card', { ...view, level, personal: acts, outward, hasLinks }));
  };
  const half = (which: 0 | 1) => {
    rendered ??= whole();
    const pair = rendered[which];
    weight += weightOf(pair);
    return pair;
  };
  const says = cache.kept.get(`says ${look} ${at} ${upvotes} ${comments}`, () => half(0));
  const links = cache.kept.get(`links ${look}`, () => half(1));
  const reasons = matchInWords(chosen.match, t);
  const why = pairOf(context, `reasons ${language} ${reasons.join('\n')}`, 'reasons', () => ({ reasons }));
  return { entryId: entry.id, upvotes, comments, pairs: [says, why, links], weight };
}

/** Parts a card at its reasons. */
function halvesOf({ html, text }: FragmentPair): [says: FragmentPair, links: FragmentPair] {
  const [htmlSays, htmlLinks] = partAt(html, 'reasons');
  const [textSays, textLinks] = partAt(text, 'reasons');
  return [
    { html: htmlSays, text: textSays, stencils: [] },
    { html: htmlLinks, text: textLinks, stencils: [] },
  ];
}
