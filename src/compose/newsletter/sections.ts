import type { Entry } from '../../model/digest.ts';
import type { DayLine, Mover } from '../../model/newsletter.ts';
import type { EditionKind } from '../../model/edition.ts';
import { links } from '../../links/links.ts';
import { cutPair, pairOf, readingOf, renderFragments, renderPair, type CardContext } from './fragment-cache.ts';
import type { FragmentPair } from '../wire/stencil.ts';
import { capitalised } from '../text/clean-text.ts';
import { dayLineInWords } from './day-line.ts';
import { readNote } from '../text/editor-note.ts';
import { safeUrl } from '../text/safe-url.ts';
import type { TrendView } from './trend-view.ts';

/** Makes the section of what everyone reads: the heading, then a line each. */
export function trendingOf(context: CardContext, entries: readonly Entry[]): FragmentPair[] {
  const lines = entries.map((entry) => ({ key: String(entry.id), entry, note: null }));
  return sectionOf(context, 'mail.trending', lines);
}

/** Makes the section of the papers whose upvotes rose most over the week: the heading, then a line each. */
export function moversOf(context: CardContext, movers: readonly Mover[]): FragmentPair[] {
  const lines = movers.map(({ entry, rise }) => ({
    key: `${entry.id} ${rise}`,
    entry,
    note: context.t('mail.rise', { count: rise }),
  }));
  return sectionOf(context, 'mail.movers', lines);
}

/** Makes what the editor has to say: text, and links to where a mail may link; none where nothing is to be read. */
export function editorNoteOf(context: CardContext, note: string): FragmentPair[] {
  const lines = readNote(note);
  if (lines.length === 0) return [];
  const named = lines.flat().filter(({ text, url }) => url !== null && safeUrl(text) !== url);
  const view = () => ({
    lines: lines.map((parts) => ({ parts, plain: parts.map(({ text }) => text).join('') })),
    named,
    said: lines
      .flat()
      .map(({ text }) => text)
      .join(' '),
  });
  return [pairOf(context, `editor-note ${context.language} ${note}`, 'editor-note', view)];
}

/** Makes a heading of a section. */
export function headingOf(context: CardContext, heading: string): FragmentPair {
  return pairOf(context, `section ${context.language} ${heading}`, 'section', () => ({
    heading: context.t(heading),
  }));
}

/** Makes what is said of a newsletter as a whole, above its papers: the sentence of the day, its trends, its counts. */
export function openingOf(
  context: CardContext,
  opening: { dayLine: DayLine | undefined; trends: readonly TrendView[]; counts: Counts },
): FragmentPair[] {
  const { language, t } = context;
  const { dayLine, trends, counts } = opening;
  const summary = () => ({ words: t('mail.summary', { ...counts }) });
  return [
    ...(dayLine ? daySentence(context, dayLine) : []),
    ...trends.map((view) => pairOf(context, `trend ${language} ${view.key}`, 'topic-line', () => view)),
    pairOf(context, `summary ${language} ${counts.considered} ${counts.count} ${counts.perhaps}`, 'summary', summary),
  ];
}

/** How many papers were looked through, chosen, and named as perhaps right. */
export interface Counts {
  considered: number;
  count: number;
  perhaps: number;
}

/** Kept where a sentence has a name that nobody could see. */
const NO_SENTENCE = cutPair([]);

function daySentence(context: CardContext, dayLine: DayLine): FragmentPair[] {
  const key = `day ${context.language} ${dayLine.kind} ${Object.values(dayLine.params).join('\n')}`;
  const pair = context.cache.kept.get(key, () => {
    const words = dayLineInWords({ dayLine }, context.t);
    return words === null ? NO_SENTENCE : renderFragments(context, 'day', { words: `${capitalised(words)}.` });
  });
  return pair === NO_SENTENCE ? [] : [pair];
}

/** Makes the end: that there is no more, and how long it takes to read. */
export function endOf(context: CardContext, kind: EditionKind, minutes: number): FragmentPair {
  const words = () => ({ words: context.t(`mail.end.${kind}`, { minutes }) });
  return pairOf(context, `end ${context.language} ${kind} ${minutes}`, 'end', words);
}

/** Returns «n more on the web». */
export function restOf(context: CardContext, count: number, digestOn: string): FragmentPair {
  const digestUrl = links.digest(context.cache.config.PUBLIC_URL, digestOn);
  return pairOf(context, `rest ${count} ${digestOn} ${context.language}`, 'rest', () => ({ count, digestUrl }));
}

/** A heading and its lines as one piece; none without lines. */
function sectionOf(
  context: CardContext,
  heading: string,
  lines: readonly { key: string; entry: Entry; note: string | null }[],
): FragmentPair[] {
  if (lines.length === 0) return [];
  const key = `${heading} ${context.language} ${lines.map((line) => line.key).join()}`;
  const section = context.cache.kept.get(key, () =>
    cutPair([
      renderPair(context, 'section', { heading: context.t(heading) }),
      ...lines.flatMap(({ entry, note }) => {
        const view = paperLine(context, entry, note);
        return [renderPair(context, 'line', view), renderPair(context, 'line-end', view)];
      }),
    ]),
  );
  return [section];
}

function paperLine({ cache }: CardContext, entry: Entry, note: string | null): object {
  const url = safeUrl(entry.url) ?? links.paper(cache.config.PUBLIC_URL, entry.paperPublicId);
  const { title } = readingOf(cache, entry);
  return { title, url, tag: 'p', numbered: false, reasons: [], note, personal: false, paperPublicId: '' };
}
