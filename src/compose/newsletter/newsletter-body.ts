import type { EditionKind } from '../../model/edition.ts';
import type { ChosenPaper, NewsletterInput } from '../../model/newsletter.ts';
import type { SlotValue } from '../wire/fragment.ts';
import type { FragmentPair } from '../wire/stencil.ts';
import { minutesFor } from '../text/reading-time.ts';
import { openBody, place, placeAll, placeUncounted, type GrowingBody } from './growing-body.ts';
import type { Detail } from './card-view.ts';
import { cardFragments, perhapsLine } from './cards.ts';
import type { CardContext } from './fragment-cache.ts';
import { contentsOf, type PaperGroup } from './paper-groups.ts';
import { editorNoteOf, endOf, headingOf, moversOf, openingOf, restOf, trendingOf } from './sections.ts';
import { fitToBudget, isWithin, wantedDetails, type Size } from './size-budget.ts';
import { trendViews } from './trend-view.ts';
import { present } from '../../lib/present.ts';

/** What a body is made of. */
interface Content {
  context: CardContext;
  input: NewsletterInput;
  kind: EditionKind;
  groups: readonly PaperGroup[];
  /** Those of the groups, in order. */
  papers: readonly ChosenPaper[];
  above: readonly FragmentPair[];
  below: readonly FragmentPair[];
}

/** What goes around a body and into it. */
interface Around {
  groups: readonly PaperGroup[];
  /** Its papers, the one that leads first. */
  ranked: readonly ChosenPaper[];
  kind: EditionKind;
  /** The reader's reaction links. */
  react: SlotValue;
  /** Size of all but the body, with room for its end. */
  around: Size;
}

/**
 * Makes a body of what stands above the papers, the papers under their headings, and what stands below, within the size
 * budget. It is measured as it is filled; only where all is too large, each paper is measured by itself.
 */
export function bodyOf(
  context: CardContext,
  input: NewsletterInput,
  { kind, groups, ranked, react, around }: Around,
): GrowingBody {
  const papers = papersOf(groups);
  const content: Content = {
    ...{ context, input, kind, groups, papers },
    ...{ above: aboveOf(context, input, groups), below: belowOf(context, input) },
  };
  const wanted = wantedDetails(ranked, papers);
  const whole = filled(openBody(react, around), content, wanted);
  if (isWithin(whole.size, papers.length)) return whole; // nearly always
  const rest = openBody(react, around);
  for (const pairs of [content.above, content.below, headingsOf(groups)]) placeAll(rest, pairs);
  const sizeOf = (index: number, detail: Detail): Size => {
    const alone = openBody(react, { octets: 0, encodedOctets: 0 });
    placePaper(alone, content, index, detail);
    return alone.size;
  };
  return filled(openBody(react, around), content, fitToBudget(wanted, rest.size, sizeOf));
}

/** Fills a body, with the papers in these details. */
function filled(body: GrowingBody, content: Content, details: readonly Detail[]): GrowingBody {
  const { context, input, kind, groups, above, below } = content;
  placeAll(body, above);
  let index = 0;
  for (const { group, papers } of groups) {
    if (group && index < details.length) place(body, group.heading);
    for (const end = Math.min(index + papers.length, details.length); index < end; index++)
      placePaper(body, content, index, present(details[index], 'a detail'));
  }
  const more = input.moreCount + content.papers.length - details.length;
  if (more > 0) placeUncounted(body, restOf(context, more, input.digestOn));
  placeAll(body, below);
  placeUncounted(body, endOf(context, kind, minutesFor(body.words)));
  return body;
}

function placePaper(body: GrowingBody, { context, groups, papers }: Content, index: number, detail: Detail): void {
  const paper = present(papers[index], 'a paper');
  placeAll(body, cardFragments(context, paper, detail, groups.length > 1 ? 3 : 2), index + 1);
}

/** Makes what stands above the papers. */
function aboveOf(context: CardContext, input: NewsletterInput, groups: readonly PaperGroup[]): FragmentPair[] {
  const own = context.setting.hasSubjects ? input.papers.filter(({ match, picked }) => match || !picked) : input.papers;
  const counts = {
    considered: input.consideredCount,
    count: own.length,
    perhaps: input.perhaps?.length ?? 0,
  };
  const opening = { dayLine: input.dayLine, trends: trendViews(input, context.setting.weekly, context.t), counts };
  const note = input.editorNote === undefined ? [] : editorNoteOf(context, input.editorNote);
  return [...note, ...openingOf(context, opening), ...contentsOf(context, groups)];
}

/** Makes what stands below the papers; what stands above is not named again. */
function belowOf(context: CardContext, input: NewsletterInput): FragmentPair[] {
  const perhaps = input.perhaps ?? [];
  const shown = new Set([...input.papers, ...perhaps].map(({ entry }) => entry.paperId));
  const movers = (input.movers ?? []).filter(({ entry }) => !shown.has(entry.paperId));
  const trending = input.trending.filter(({ paperId }) => !shown.has(paperId));
  return [
    ...(perhaps.length > 0 ? [headingOf(context, 'mail.perhaps')] : []),
    ...perhaps.flatMap((chosen) => perhapsLine(context, chosen)),
    ...moversOf(context, movers),
    ...trendingOf(context, trending),
  ];
}

function papersOf(groups: readonly PaperGroup[]): ChosenPaper[] {
  const papers: ChosenPaper[] = [];
  for (const group of groups) papers.push(...group.papers);
  return papers;
}

function headingsOf(groups: readonly PaperGroup[]): FragmentPair[] {
  return groups.flatMap(({ group }) => (group ? [group.heading] : []));
}
