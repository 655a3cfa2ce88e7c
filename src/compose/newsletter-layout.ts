import type { LinkKey } from '../lib/tokens.ts';
import { links } from '../lib/links.ts';
import { translator } from '../lib/strings.ts';
import { editionKind } from '../model/edition.ts';
import type { NewsletterInput } from '../model/newsletter.ts';
import type { Detail } from './card-view.ts';
import { joinedSize, slotValue, type SlotValue, type SlotValues } from './fragment.ts';
import type { JoinedPart } from './join.ts';
import { groupPapers, type PaperGroup } from './paper-groups.ts';
import {
  cardOf,
  frameOf,
  groupOf,
  moversOf,
  restOf,
  trendingOf,
  trendsOf,
  wordsOf,
  type Pieces,
  type Setting,
  type Twin,
} from './pieces.ts';
import { fitToBudget, type Shown, type Size } from './size-budget.ts';
import { preheaderOf, subjectOf } from './subject.ts';
import { trendViews } from './trend-view.ts';

/** A newsletter laid out: its pieces, joined and encoded by whoever needs them. */
export interface LaidOut {
  subject: string;
  unsubscribeUrl: string;
  html: JoinedPart;
  text: JoinedPart;
}

/** A piece in its place; `number` is that of its paper. */
interface Placed {
  twin: Twin;
  number: SlotValue;
}

/** Room kept for the «n more on the web» line, which is known last. */
const REST_ROOM: Size = { octets: 1_200, encodedOctets: 1_400 };
const NOTHING: SlotValue = { plain: '', encoded: '', octets: 0 };
const NUMBERS: SlotValue[] = Array.from({ length: 50 }, (_, index) => slotValue(String(index + 1)));

/** Lays a newsletter out: cards in the detail that fits, and the reader's own links, none without a key (view in browser). */
export function layOutNewsletter(pieces: Pieces, input: NewsletterInput, key: LinkKey | null): LaidOut {
  const t = translator(input.language);
  const setting: Setting = { pieces, language: input.language, personal: key !== null, t };
  const weekly = editionKind(input.editionKey) === 'weekly';
  const own = key ? ownLinks(pieces.config.PUBLIC_URL, input, key) : null;
  const subject = subjectOf(pieces, input, t);
  const values = valuesOf(setting, input, subject, own);
  const frame = frameOf(setting, input);
  const groups = groupPapers(input, weekly, t);
  const shown = new Set(input.papers.map(({ entry }) => entry.paperId));
  const below = [
    ...moversOf(
      setting,
      (input.movers ?? []).filter(({ entry }) => !shown.has(entry.paperId)),
    ),
    ...trendingOf(
      setting,
      input.trending.filter(({ paperId }) => !shown.has(paperId)),
    ),
    ...trendsOf(setting, trendViews(input, weekly, t)),
  ];
  const body = bodyOf(setting, input, { groups, frame, below, values: values.html });
  const part = (form: 'html' | 'text'): JoinedPart => ({
    frame: frame[form],
    body: body.map(({ twin, number }) => ({ fragment: twin[form], number })),
    values: values[form],
  });
  return { subject: subject.text, unsubscribeUrl: own?.unsubscribe ?? '', html: part('html'), text: part('text') };
}

/** Places cards, their headings, and what stands below them, within the size budget. */
function bodyOf(
  setting: Setting,
  input: NewsletterInput,
  made: { groups: PaperGroup[]; frame: Twin; below: Twin[]; values: SlotValues },
): Placed[] {
  const level = made.groups.length > 1 ? 3 : 2;
  const papers = made.groups.flatMap((group) => group.papers);
  const headings = headingsOf(setting, made.groups);
  const empty = { ...made.values, n: NOTHING, body: NOTHING };
  const fixed = [made.frame, ...made.below, ...headings.values()].map((twin) => joinedSize(twin.html, empty));
  const full = papers.map((paper) => cardOf(setting, paper, 'excerpt', level));
  const card = (index: number, detail: Detail): Twin =>
    detail === 'excerpt' ? full[index]! : cardOf(setting, papers[index]!, detail, level);
  const two = { ...made.values, n: NUMBERS[9] ?? NOTHING }; // no number is wider
  const sizeOf = (index: number, detail: Detail) => joinedSize(card(index, detail).html, two);
  const shown = fitToBudget(papers.length, [...fixed, REST_ROOM].reduce(addSizes), sizeOf);
  const more = input.moreCount + papers.length - shown.length;
  const placed = shown.flatMap(({ index, detail }: Shown): Placed[] => {
    const heading = headings.get(index);
    const paper = { twin: card(index, detail), number: numberOf(index) };
    return heading ? [{ twin: heading, number: NOTHING }, paper] : [paper];
  });
  const rest = more > 0 ? [restOf(setting, more, input.digestOn)] : [];
  return [...placed, ...[...rest, ...made.below].map((twin) => ({ twin, number: NOTHING }))];
}

/** Returns the heading in front of each paper that begins a group. */
function headingsOf(setting: Setting, groups: readonly PaperGroup[]): Map<number, Twin> {
  const headings = new Map<number, Twin>();
  let index = 0;
  for (const { title, papers } of groups) {
    if (title !== null) headings.set(index, groupOf(setting, title));
    index += papers.length;
  }
  return headings;
}

function valuesOf(
  { pieces, t }: Setting,
  input: NewsletterInput,
  subject: ReturnType<typeof subjectOf>,
  own: ReturnType<typeof ownLinks> | null,
): { html: SlotValues; text: SlotValues } {
  const count = input.papers.length;
  const summary = wordsOf(pieces, `summary ${input.language} ${input.consideredCount} ${count}`, () =>
    t('mail.summary', { considered: input.consideredCount, count }),
  );
  const addresses: SlotValues = {};
  for (const [name, url] of Object.entries(own ?? {})) addresses[name] = slotValue(url); // tokens and PUBLIC_URL hold nothing to escape
  const preheader = preheaderOf(pieces, input, t);
  return {
    html: { ...addresses, subject: subject.value, preheader, summary: summary.html },
    text: { ...addresses, summary: summary.text },
  };
}

function ownLinks(base: string, input: NewsletterInput, key: LinkKey) {
  const { subscriberPublicId, generation } = input;
  return {
    unsubscribe: links.unsubscribe(base, key, subscriberPublicId, generation),
    preferences: links.preferences(base, key, subscriberPublicId, generation),
    browser: links.newsletter(base, key, input.newsletterPublicId, generation),
    react: links.react(base, key, subscriberPublicId, generation),
  };
}

function numberOf(index: number): SlotValue {
  return NUMBERS[index] ?? slotValue(String(index + 1));
}

function addSizes(a: Size, b: Size): Size {
  return { octets: a.octets + b.octets, encodedOctets: a.encodedOctets + b.encodedOctets };
}
