import type { ChosenPaper } from '../../model/newsletter.ts';
import { cardView, type CardForm, type CardView, type Detail } from './card-view.ts';
import { matchedSentence } from '../text/excerpt.ts';
import { cutPair, namesIn, pairOf, readingOf, renderFragments, weightOf } from './fragment-cache.ts';
import type { CardContext, Naming, PaperPieces, Says } from './fragment-cache.ts';
import type { FragmentPair } from '../wire/stencil.ts';
import { inBrief, matchedTerms, reasonLines, withoutInterest } from './reasons-in-words.ts';

/** Octets kept for what a paper says beside its fragment. */
const OWN_WEIGHT = 500;
/** Stands for reasons that say nothing beside the interest above. */
const NOTHING = cutPair([]);

type Level = 2 | 3;
type CardDetail = Exclude<Detail, 'title'>;

/**
 * Returns the fragments that one paper is joined from; `level` is that of its heading. Its title and links are kept by
 * paper, why it is there by match, what it says, the words that matched bold, by both; and each is kept once where
 * several are the same. So what the mails of an edition are joined from is small enough to stay in the processor's
 * cache.
 */
export function cardFragments(context: CardContext, chosen: ChosenPaper, detail: Detail, level: Level): FragmentPair[] {
  const pieces = piecesOf(context, chosen, level);
  if (detail === 'title') {
    const line = (pieces.numbered ??= linePart(context, chosen, 'line', { level, numbered: true }));
    return [line, whyOf(context, chosen, level === 3 ? 'above' : 'named'), lineEndOf(context, chosen, pieces)];
  }
  const look = detail === 'lead' ? 'lead' : 'card';
  const head = (pieces[look] ??= cardPart(context, chosen, 'card-head', { detail, level }));
  const row = (pieces.row ??= cardPart(context, chosen, 'card-row', { detail, level }));
  return [head, whyOf(context, chosen, 'named'), saysOf(context, chosen, detail), row];
}

/** Returns the line of a paper that may be right: its title and the reason. */
export function perhapsLine(context: CardContext, chosen: ChosenPaper): FragmentPair[] {
  const pieces = piecesOf(context, chosen, 3);
  const line = (pieces.unnumbered ??= linePart(context, chosen, 'line', { level: 3, numbered: false }));
  return [line, whyOf(context, chosen, 'brief'), lineEndOf(context, chosen, pieces)];
}

function piecesOf(context: CardContext, { entry }: ChosenPaper, level: Level): PaperPieces {
  return context.papers[level].get(entry.id, () => ({}));
}

function lineEndOf(context: CardContext, chosen: ChosenPaper, pieces: PaperPieces): FragmentPair {
  return (pieces.lineEnd ??= linePart(context, chosen, 'line-end', { level: 3, numbered: false }));
}

/** Returns the reasons: those of a match are worded once, those by trend once for their numbers. */
function whyOf(context: CardContext, chosen: ChosenPaper, naming: Naming): FragmentPair {
  const { entry, match, reaction, picked, upvotes, comments } = chosen;
  const make = () => wordedWhy(context, chosen, naming);
  if (reaction || picked) return make(); // this reader's, or this edition's own
  if (!match) return context.whys[naming].get(`${entry.position} ${upvotes} ${comments}`, make);
  const { whys } = namesIn(context, match.wording);
  return whys[naming].get(match.id > 0 ? match.id : `${match.id} of ${entry.id}`, make); // below 0 it is a hash
}

/** Words the reasons, kept once for each wording. */
function wordedWhy(context: CardContext, chosen: ChosenPaper, naming: Naming): FragmentPair {
  const lines = reasonLines(chosen, context.t, context.setting);
  const reasons = naming === 'above' ? withoutInterest(lines) : naming === 'brief' ? inBrief(lines, context.t) : lines;
  if (reasons.length === 0) return NOTHING;
  const key = reasons.map(({ before, name, after }) => `${before}\n${name}\n${after}`).join('\n');
  return pairOf(context, `reasons ${context.language} ${key}`, 'reasons', () => ({ reasons }));
}

/** Returns what a paper says. */
function saysOf(context: CardContext, chosen: ChosenPaper, detail: CardDetail): FragmentPair {
  const { entry, match, upvotes, comments } = chosen;
  const make = () => renderSays(context, chosen, detail);
  const says = context.says[detail].get(match ? match.id : -entry.id, make);
  // A match is of a paper, which may be listed again another day, and its numbers rise.
  if (says.entryId !== entry.id || says.upvotes !== upvotes || says.comments !== comments)
    Object.assign(says, { ...make(), weight: says.weight }); // which it was put into the cache with
  return says.pair;
}

function renderSays(context: CardContext, chosen: ChosenPaper, detail: CardDetail): Says {
  const { entry, upvotes, comments } = chosen;
  const terms = matchedTerms(chosen);
  const at = matchedSentence(readingOf(context.cache, entry).sentences, terms);
  const own = `${chosen.match?.interestKind === 'organization'} ${terms.join('\n')}`;
  const key = `says ${context.language} ${entry.id} ${detail} ${at} ${upvotes} ${comments} ${own}`;
  let weight = OWN_WEIGHT;
  const pair = context.cache.kept.get(key, () => {
    const made = renderFragments(context, 'card-says', viewOf(context, chosen, { detail, at, terms }));
    weight += weightOf(made);
    return made;
  });
  return { entryId: entry.id, upvotes, comments, pair, weight };
}

/** Renders what everybody sees of a card; kept once for all levels and settings that show the same. */
function cardPart(
  context: CardContext,
  chosen: ChosenPaper,
  part: 'card-head' | 'card-row',
  { detail, level }: { detail: CardDetail; level: Level },
): FragmentPair {
  const { language, personal } = context;
  const own = part === 'card-head' ? `${detail === 'lead'} ${level}` : personal;
  return pairOf(context, `${part} ${language} ${chosen.entry.id} ${own}`, part, () => ({
    ...viewOf(context, chosen, { detail, at: 0, terms: [] }),
    ...{ level, ruled: level === 2, personal },
  }));
}

/** Renders a part of a paper's line: its title, or what stands behind the reasons. */
function linePart(
  context: CardContext,
  chosen: ChosenPaper,
  part: 'line' | 'line-end',
  { level, numbered }: { level: Level; numbered: boolean },
): FragmentPair {
  const { language, personal } = context;
  const own = part === 'line' ? `${level} ${numbered}` : personal;
  return pairOf(context, `${part} ${language} ${chosen.entry.id} ${own}`, part, () => ({
    ...viewOf(context, chosen, { detail: 'title', at: 0, terms: [] }),
    ...{ tag: `h${level}`, numbered, reasons: [], note: null, personal },
  }));
}

function viewOf(
  { cache, language, t }: CardContext,
  chosen: ChosenPaper,
  form: Pick<CardForm, 'detail' | 'at' | 'terms'>,
): CardView {
  return cardView(readingOf(cache, chosen.entry), chosen, { ...form, base: cache.config.PUBLIC_URL, language }, t);
}
