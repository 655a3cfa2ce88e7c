import type { ChosenPaper } from '../../model/newsletter.ts';
import { cardView, type Detail } from './card-view.ts';
import { matchedSentence } from '../text/excerpt.ts';
import { pairOf, readingOf, renderFragments, weightOf, type Card, type CardContext } from './fragment-cache.ts';
import { present } from '../../lib/present.ts';
import type { FragmentPair } from '../wire/stencil.ts';
import { matchedTerms, reasonLines, withoutInterest, type ReasonLine } from './reasons-in-words.ts';

/** Octets of a card beside its fragments. */
const OWN_WEIGHT = 500;

/** Returns the fragments that one paper is joined from; `level` is that of its heading. */
export function cardFragments(
  context: CardContext,
  chosen: ChosenPaper,
  detail: Detail,
  level: 2 | 3,
): readonly FragmentPair[] {
  const { entry, upvotes, comments, match, reaction } = chosen;
  const make = () => renderCard(context, chosen, detail, level);
  if (reaction && detail === 'title') return lineOf(context, chosen, { level, numbered: true });
  const card = context.cards[level][detail].get(match ? match.id : -entry.id, make);
  // A match is of a paper, which may be listed again another day, and its numbers rise.
  if (card.entryId !== entry.id || card.upvotes !== upvotes || card.comments !== comments) {
    Object.assign(card, { ...make(), weight: card.weight }); // which it was put into the cache with
  }
  if (!reaction) return card.pairs;
  const [head, , ...rest] = card.pairs; // the card is every reader's, what lifted it this one's
  return [present(head, 'a heading'), whyOf(context, chosen), ...rest];
}

/** Returns the line of a paper that may be right: its title and the reason. */
export function perhapsLine(context: CardContext, chosen: ChosenPaper): FragmentPair[] {
  return lineOf(context, chosen, { level: 3, numbered: false });
}

/**
 * Renders a card: its title, the reasons why it is there, what the paper says, the words that matched bold, and its
 * links. Each is kept once and shared: all matches of a paper show the same title and links, most of them the same
 * sentences, and many papers are there for the same words. So what the mails of an edition are joined from is small
 * enough to stay in the processor's cache.
 */
function renderCard(context: CardContext, chosen: ChosenPaper, detail: Detail, level: 2 | 3): Card {
  const { entry, upvotes, comments } = chosen;
  const { cache, language, personal, t } = context;
  const own = { entryId: entry.id, upvotes, comments };
  if (detail === 'title') {
    return { ...own, pairs: lineOf(context, chosen, { level, numbered: true }), weight: OWN_WEIGHT };
  }
  const reading = readingOf(cache, entry);
  const terms = matchedTerms(chosen);
  const at = matchedSentence(reading.sentences, terms);
  let weight = OWN_WEIGHT;
  const piece = (part: string, key: string) =>
    cache.kept.get(`${part} ${language} ${entry.id} ${key}`, () => {
      const view = cardView(reading, chosen, { detail, at, terms, base: cache.config.PUBLIC_URL, language }, t);
      const pair = renderFragments(context, part, { ...view, level, ruled: level === 2, personal });
      weight += weightOf(pair);
      return pair;
    });
  const look = detail === 'lead' ? 'lead' : 'card';
  const head = piece('card-head', `${look} ${level}`);
  const why = whyOf(context, { ...chosen, reaction: undefined });
  const says = piece('card-says', `${detail} ${at} ${upvotes} ${comments} ${terms.join('\n')}`);
  return { ...own, pairs: [head, why, says, piece('card-row', String(personal))], weight };
}

/** Returns the reasons, once for each wording. */
function whyOf(context: CardContext, chosen: ChosenPaper, reasons = linesOf(context, chosen)): FragmentPair {
  return pairOf(context, `reasons ${context.language} ${keyOf(reasons)}`, 'reasons', () => ({ reasons }));
}

/** Renders a paper as a line, in pieces shared like a card's: its title, the reasons, and where to rate it. */
function lineOf(
  context: CardContext,
  chosen: ChosenPaper,
  { level, numbered }: { level: 2 | 3; numbered: boolean },
): FragmentPair[] {
  const { cache, language, personal, t } = context;
  const lines = linesOf(context, chosen);
  const reasons = level === 3 && numbered ? withoutInterest(lines) : lines;
  const view = () => {
    const as = { detail: 'title', at: 0, terms: [], base: cache.config.PUBLIC_URL, language } as const;
    const shown = cardView(readingOf(cache, chosen.entry), chosen, as, t);
    return { ...shown, tag: `h${level}`, numbered, reasons: [], note: null, personal };
  };
  const key = `${language} ${personal} ${chosen.entry.id} ${level} ${numbered}`;
  const why = reasons.length > 0 ? [whyOf(context, chosen, reasons)] : [];
  return [pairOf(context, `line ${key}`, 'line', view), ...why, pairOf(context, `line-end ${key}`, 'line-end', view)];
}

function linesOf({ t, setting }: CardContext, chosen: ChosenPaper): ReasonLine[] {
  return reasonLines(chosen, t, setting);
}

function keyOf(reasons: readonly ReasonLine[]): string {
  return reasons.map(({ before, name, after }) => `${before}\n${name}\n${after}`).join('\n');
}
