import type { LinkKey } from '../../links/tokens.ts';
import { links } from '../../links/links.ts';
import { translator } from '../../lib/strings.ts';
import { editionKind, type EditionKind } from '../../model/edition.ts';
import type { ChosenPaper, NewsletterInput } from '../../model/newsletter.ts';
import type { Detail } from './card-view.ts';
import { cardFragments, perhapsLine } from './cards.ts';
import { slotValue, type SlotValue, type SlotValues } from '../wire/fragment.ts';
import { encodedSize, plainSize, type JoinedPart, type Placed } from '../wire/join.ts';
import { contentsOf, groupPapers, type PaperGroup } from './paper-groups.ts';
import { stencilsOf, type FragmentPair } from '../wire/stencil.ts';
import {
  frameOf,
  restOf,
  cardContextOf,
  type Frame,
  type Headline,
  type FragmentCache,
  type CardContext,
} from './fragment-cache.ts';
import { endOf, headingOf, moversOf, openingOf, trendingOf } from './sections.ts';
import { fitToBudget, wantedDetails, type Size } from './size-budget.ts';
import { headlineOf } from './subject.ts';
import { trendViews } from './trend-view.ts';
import { minutesFor } from '../text/reading-time.ts';
import { present } from '../../lib/present.ts';

/** A newsletter laid out: its pieces, joined and encoded by whoever needs them. */
export interface LaidOut {
  subject: string;
  unsubscribeUrl: string;
  html: JoinedPart;
  text: JoinedPart;
}

/** Room kept for «n more on the web» and the end, which are known last. */
const REST_ROOM: Size = { octets: 1_600, encodedOctets: 1_900 };
const NOTHING = slotValue('');
const NUMBERS: SlotValue[] = Array.from({ length: 50 }, (_, index) => slotValue(String(index + 1)));

/**
 * Lays a newsletter out: a lead, cards and lines, in the detail that fits, and the reader's own links, none without a
 * key (view in browser).
 */
export function layOutNewsletter(cache: FragmentCache, input: NewsletterInput, key: LinkKey | null): LaidOut {
  const t = translator(input.language);
  const kind = editionKind(input.editionKey);
  const hasSubjects = input.papers.some(({ match }) => match !== null);
  const setting = { weekly: kind === 'weekly', hasSubjects };
  const context = cardContextOf(cache, { language: input.language, personal: key !== null, setting }, t);
  const own = key ? ownLinks(cache.config.PUBLIC_URL, input, key) : null;
  const headline = headlineOf(cache, input, t);
  const values = valuesOf(headline, own);
  const frame = frameOf(context, input);
  const body = bodyOf(context, input, { kind, frame, values });
  const part = (form: 'html' | 'text'): JoinedPart => ({
    form,
    top: frame.top[form],
    body,
    bottom: frame.bottom[form],
    values: values[form],
  });
  return { subject: headline.subject, unsubscribeUrl: own?.unsubscribe ?? '', html: part('html'), text: part('text') };
}

/** Places what stands above the papers, the papers, their headings, and what stands below, within the size budget. */
function bodyOf(
  context: CardContext,
  input: NewsletterInput,
  made: { kind: EditionKind; frame: Frame; values: Values },
): Placed[] {
  const groups = groupPapers(context, input.papers);
  const level = groups.length > 1 ? 3 : 2;
  const papers = groups.flatMap((group) => group.papers);
  const { html } = made.values;
  const place = (pair: FragmentPair, n = NOTHING): Placed => ({ pair, stencils: stencilsOf(pair, n, html.react), n });
  const upper = aboveOf(context, input, groups).map((pair) => place(pair));
  const lower = belowOf(context, input).map((pair) => place(pair));
  const headings = headingsOf(groups, place);
  const rest = sizeAround(made.frame, html, [...upper, ...lower, ...headings.values()]);
  const cardOf = placedCards((index, detail) => {
    const n = numberOf(index);
    const pairs = cardFragments(context, present(papers[index], 'a paper'), detail, level);
    return pairs.map((pair) => place(pair, n));
  });
  const sizeOf = (index: number, detail: Detail): Size => {
    const size: Size = { octets: 0, encodedOctets: 0 };
    for (const { stencils } of cardOf(index, detail)) add(size, stencils.html);
    return size;
  };
  const shown = fitToBudget(wantedDetails(input.papers, papers), rest, sizeOf);
  const more = input.moreCount + papers.length - shown.length;
  const placed: Placed[] = upper;
  for (const [index, detail] of shown.entries()) {
    const heading = headings.get(index);
    if (heading) placed.push(heading);
    placed.push(...cardOf(index, detail));
  }
  if (more > 0) placed.push(place(restOf(context, more, input.digestOn)));
  placed.push(...lower);
  let words = 0;
  for (const { pair } of placed) words += pair.words;
  placed.push(place(endOf(context, made.kind, minutesFor(words))));
  return placed;
}

/** Keeps each card as it was placed: it is measured first, and nearly always shown as it was measured. */
function placedCards(make: (index: number, detail: Detail) => Placed[]): (index: number, detail: Detail) => Placed[] {
  const cards: { detail: Detail; placed: Placed[] }[] = [];
  return (index, detail) => {
    const card = cards[index];
    if (card?.detail === detail) return card.placed;
    const placed = make(index, detail);
    cards[index] = { detail, placed };
    return placed;
  };
}

/** Makes what stands above the papers. */
function aboveOf(context: CardContext, input: NewsletterInput, groups: readonly PaperGroup[]): FragmentPair[] {
  const counts = {
    considered: input.consideredCount,
    count: input.papers.length,
    perhaps: input.perhaps?.length ?? 0,
  };
  const opening = { dayLine: input.dayLine, trends: trendViews(input, context.setting.weekly, context.t), counts };
  return [...openingOf(context, opening), ...contentsOf(context, groups)];
}

/** Makes what stands below the papers; what stands above is not named again. */
function belowOf(context: CardContext, input: NewsletterInput): FragmentPair[] {
  const perhaps = input.perhaps ?? [];
  const isOf = (paperId: number) => (chosen: ChosenPaper) => chosen.entry.paperId === paperId;
  const isShown = (paperId: number) => input.papers.some(isOf(paperId)) || perhaps.some(isOf(paperId));
  const movers = (input.movers ?? []).filter(({ entry }) => !isShown(entry.paperId));
  const trending = input.trending.filter(({ paperId }) => !isShown(paperId));
  return [
    ...(perhaps.length > 0 ? [headingOf(context, 'mail.perhaps')] : []),
    ...perhaps.flatMap((chosen) => perhapsLine(context, chosen)),
    ...moversOf(context, movers),
    ...trendingOf(context, trending),
  ];
}

/** Returns the heading in front of each paper that begins a group. */
function headingsOf(groups: readonly PaperGroup[], place: (pair: FragmentPair) => Placed): Map<number, Placed> {
  const headings = new Map<number, Placed>();
  let index = 0;
  for (const { group, papers } of groups) {
    if (group !== null) headings.set(index, place(group.heading));
    index += papers.length;
  }
  return headings;
}

/** Sums up everything but the papers. */
function sizeAround({ top, bottom }: Frame, values: SlotValues, around: readonly Placed[]): Size {
  const rest: Size = { ...REST_ROOM };
  for (const fragment of [top.html, bottom.html])
    add(rest, { octets: plainSize(fragment, values), encodedOctets: encodedSize(fragment, values) });
  for (const { stencils } of around) add(rest, stencils.html);
  return rest;
}

interface Values {
  html: SlotValues & { react: SlotValue };
  text: SlotValues & { react: SlotValue };
}

function valuesOf({ title, preheader }: Headline, own: ReturnType<typeof ownLinks> | null): Values {
  if (!own) return { html: { react: NOTHING, subject: title, preheader }, text: { react: NOTHING } };
  // Tokens and PUBLIC_URL hold nothing to escape: the same in both parts.
  const unsubscribe = slotValue(own.unsubscribe);
  const preferences = slotValue(own.preferences);
  const browser = slotValue(own.browser);
  const react = slotValue(own.react);
  return {
    html: { unsubscribe, preferences, browser, react, subject: title, preheader },
    text: { unsubscribe, preferences, browser, react },
  };
}

function ownLinks(base: string, input: NewsletterInput, key: LinkKey) {
  return {
    ...links.reader(base, key, input.subscriberPublicId, input.generation),
    browser: links.newsletter(base, key, input.newsletterPublicId, input.generation),
  };
}

function numberOf(index: number): SlotValue {
  return NUMBERS[index] ?? slotValue(String(index + 1));
}

function add(total: Size, size: Size): void {
  total.octets += size.octets;
  total.encodedOctets += size.encodedOctets;
}
