import type { LinkKey } from '../../links/tokens.ts';
import { links } from '../../links/links.ts';
import { translator } from '../../lib/strings.ts';
import { editionKind } from '../../model/edition.ts';
import type { NewsletterInput } from '../../model/newsletter.ts';
import type { Detail } from './card-view.ts';
import { cardFragments } from './cards.ts';
import { slotValue, type SlotValue, type SlotValues } from '../wire/fragment.ts';
import { encodedSize, plainSize, type JoinedPart, type Placed } from '../wire/join.ts';
import { groupPapers, type PaperGroup } from './paper-groups.ts';
import { stencilsOf, type FragmentPair } from '../wire/stencil.ts';
import {
  frameOf,
  groupOf,
  restOf,
  cardContextOf,
  type Frame,
  type Headline,
  type FragmentCache,
  type CardContext,
} from './fragment-cache.ts';
import { moversOf, trendingOf, trendsOf } from './sections.ts';
import { fitToBudget, type Size } from './size-budget.ts';
import { headlineOf } from './subject.ts';
import { trendViews } from './trend-view.ts';
import { present } from '../../lib/present.ts';

/** A newsletter laid out: its pieces, joined and encoded by whoever needs them. */
export interface LaidOut {
  subject: string;
  unsubscribeUrl: string;
  html: JoinedPart;
  text: JoinedPart;
}

/** Room kept for the «n more on the web» line, which is known last. */
const REST_ROOM: Size = { octets: 1_200, encodedOctets: 1_400 };
const NOTHING = slotValue('');
const NUMBERS: SlotValue[] = Array.from({ length: 50 }, (_, index) => slotValue(String(index + 1)));

/**
 * Lays a newsletter out: cards in the detail that fits, and the reader's own links, none without a key (view in
 * browser).
 */
export function layOutNewsletter(cache: FragmentCache, input: NewsletterInput, key: LinkKey | null): LaidOut {
  const t = translator(input.language);
  const context = cardContextOf(cache, input.language, key !== null, t);
  const weekly = editionKind(input.editionKey) === 'weekly';
  const own = key ? ownLinks(cache.config.PUBLIC_URL, input, key) : null;
  const headline = headlineOf(cache, input, t);
  const values = valuesOf(headline, own);
  const frame = frameOf(context, input);
  const groups = groupPapers(input, weekly, t);
  const isShown = (paperId: number) => input.papers.some(({ entry }) => entry.paperId === paperId);
  const below = [
    ...moversOf(
      context,
      (input.movers ?? []).filter(({ entry }) => !isShown(entry.paperId)),
    ),
    ...trendingOf(
      context,
      input.trending.filter(({ paperId }) => !isShown(paperId)),
    ),
    ...trendsOf(context, trendViews(input, weekly, t)),
  ];
  const body = bodyOf(context, input, { groups, frame, below, values });
  const part = (form: 'html' | 'text'): JoinedPart => ({
    form,
    top: frame.top[form],
    body,
    bottom: frame.bottom[form],
    values: values[form],
  });
  return { subject: headline.subject, unsubscribeUrl: own?.unsubscribe ?? '', html: part('html'), text: part('text') };
}

/** Places cards, their headings, and what stands below them, within the size budget. */
function bodyOf(
  context: CardContext,
  input: NewsletterInput,
  made: { groups: PaperGroup[]; frame: Frame; below: FragmentPair[]; values: Values },
): Placed[] {
  const { frame, below, groups } = made;
  const level = groups.length > 1 ? 3 : 2;
  const papers = groups.flatMap((group) => group.papers);
  const { html } = made.values;
  const place = (pair: FragmentPair, n = NOTHING): Placed => ({ pair, stencils: stencilsOf(pair, n, html.react), n });
  const headings = headingsOf(context, groups, place);
  const lower = below.map((pair) => place(pair));
  const rest: Size = { ...REST_ROOM };
  for (const fragment of [frame.top.html, frame.bottom.html]) {
    add(rest, { octets: plainSize(fragment, html), encodedOctets: encodedSize(fragment, html) });
  }
  for (const { stencils } of lower) add(rest, stencils.html);
  for (const { stencils } of headings.values()) add(rest, stencils.html);

  const fragmentsOf = (index: number, detail: Detail) =>
    cardFragments(context, present(papers[index], 'a paper'), detail, level);
  const sizeOf = (index: number, detail: Detail): Size => {
    const size: Size = { octets: 0, encodedOctets: 0 };
    for (const pair of fragmentsOf(index, detail)) add(size, stencilsOf(pair, numberOf(index), html.react).html);
    return size;
  };
  const shown = fitToBudget(papers.length, rest, sizeOf);
  const more = input.moreCount + papers.length - shown.length;
  const placed: Placed[] = [];
  for (const [index, detail] of shown.entries()) {
    const heading = headings.get(index);
    if (heading) placed.push(heading);
    const n = numberOf(index);
    for (const pair of fragmentsOf(index, detail)) placed.push(place(pair, n));
  }
  if (more > 0) placed.push(place(restOf(context, more, input.digestOn)));
  placed.push(...lower);
  return placed;
}

/** Returns the heading in front of each paper that begins a group. */
function headingsOf(
  context: CardContext,
  groups: readonly PaperGroup[],
  place: (pair: FragmentPair) => Placed,
): Map<number, Placed> {
  const headings = new Map<number, Placed>();
  let index = 0;
  for (const { title, papers } of groups) {
    if (title !== null) headings.set(index, place(groupOf(context, title)));
    index += papers.length;
  }
  return headings;
}

interface Values {
  html: SlotValues & { react: SlotValue };
  text: SlotValues & { react: SlotValue };
}

function valuesOf({ title, preheader, summary }: Headline, own: ReturnType<typeof ownLinks> | null): Values {
  if (!own) {
    return {
      html: { react: NOTHING, subject: title, preheader, summary: summary.html },
      text: { react: NOTHING, summary: summary.text },
    };
  }
  // Tokens and PUBLIC_URL hold nothing to escape: the same in both parts.
  const unsubscribe = slotValue(own.unsubscribe);
  const preferences = slotValue(own.preferences);
  const browser = slotValue(own.browser);
  const react = slotValue(own.react);
  return {
    html: { unsubscribe, preferences, browser, react, subject: title, preheader, summary: summary.html },
    text: { unsubscribe, preferences, browser, react, summary: summary.text },
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
