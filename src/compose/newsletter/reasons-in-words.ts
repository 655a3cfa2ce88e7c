import type { Reason } from '../../model/match.ts';
import type { ChosenPaper } from '../../model/newsletter.ts';
import type { Translate } from '../../lib/strings.ts';
import { interestName } from './interest-name.ts';
import { capitalised, cleanText, shorten } from '../text/clean-text.ts';
import { latexToText } from '../text/latex-to-text.ts';
import { plainOf } from '../text/marked-text.ts';

/** A line that says why a paper is there: what the reader asked for, and the words around it. */
export interface ReasonLine {
  before: string;
  /** The reader's own words; empty where the line has none. */
  name: string;
  after: string;
  /** What was found, for where the interest is named above; null where the line says something else. */
  found: string | null;
  /** The words found alone, wherever they stand; none where it names no interest, or nothing was found. */
  words: string;
}

/** What the reasons of a newsletter depend on beside its papers. */
export interface Setting {
  weekly: boolean;
  /** Whether the newsletter holds papers that an interest brought. */
  hasSubjects: boolean;
}

/** Most of the paper's own words that are named. */
const WORDS = 3;
/** Fewer are no discussion, and fewer upvotes no praise. */
const MUCH_DISCUSSED = 5;
const MUCH_LIKED = 10;

/** Stands for the reader's words while a line is worded; text from outside holds no control character. */
const HERE = '\u0000';

/**
 * Words why a paper is in the newsletter: a line for the interest it answers, one where the editor chose it, and one
 * for what the reader's reactions did.
 */
export function reasonLines(chosen: ChosenPaper, t: Translate, setting: Setting): ReasonLine[] {
  const { match, reaction, picked } = chosen;
  const lines = picked && !match ? [] : [match ? lineOf(match, t) : trendLine(chosen, t, setting)];
  if (picked) lines.push({ ...line(HERE, t('mail.reason.editor')), found: match ? null : '' });
  const liked = shown(reaction?.text ?? '');
  if (liked !== '') lines.push(line(t('mail.reason.reaction', { text: HERE }), liked));
  return lines;
}

/** Leaves out the interest of each line, for where it stands above; what then says nothing goes. */
export function withoutInterest(lines: readonly ReasonLine[]): ReasonLine[] {
  return lines
    .map((each) => (each.found === null ? each : { ...each, before: each.found, name: '', after: '' }))
    .filter(({ before, name }) => before + name !== '');
}

/** Shortens each line to the interest and what was found, for where a line is all there is room for. */
export function inBrief(lines: readonly ReasonLine[], t: Translate): ReasonLine[] {
  return lines.map((each) =>
    each.words === '' ? each : line(t('mail.reason.brief', { text: HERE, words: each.words }), capitalised(each.name)),
  );
}

/** Words the reasons why a paper is there, each as one string. */
export function reasonsInWords(chosen: ChosenPaper, t: Translate): string[] {
  const setting = { weekly: false, hasSubjects: true };
  return reasonLines(chosen, t, setting).map(({ before, name, after }) => before + name + after);
}

/** Returns the words that matched, those of the abstract first, strongest first. */
export function matchedTerms(chosen: ChosenPaper): string[] {
  const reasons = chosen.match?.reasons ?? [];
  return (['abstract', 'title'] as const)
    .flatMap((place) => reasons.filter(({ where }) => where === place))
    .flatMap(wordsOf)
    .map((text) => plainOf(latexToText(cleanText(text), 'abstract')));
}

function lineOf(match: NonNullable<ChosenPaper['match']>, t: Translate): ReasonLine {
  const interest = interestName(match, t);
  if (match.interestKind === 'author' || match.interestKind === 'organization')
    return line(t(`mail.reason.${match.interestKind}`, { text: HERE }), interest);
  const example = match.reasons.find(({ kind }) => kind === 'example');
  if (example) return line(t('mail.reason.example', { text: HERE }), shown(example.text));
  if (match.like) return line(interest, '');
  const kind = match.interestKind === 'topic' ? 'topic' : 'interest';
  const words = foundIn(match.reasons, t);
  const found = words.inPlaces;
  const worded =
    found === '' ? t(`mail.reason.${kind}`, { text: HERE }) : t(`mail.reason.${kind}.found`, { text: HERE, found });
  return { ...line(worded, interest), found, words: words.all };
}

/**
 * Names the words found, those of the title first: «“manipulation” in the title; grasp, gripper in the abstract», and
 * without their places.
 */
function foundIn(reasons: readonly Reason[], t: Translate): { inPlaces: string; all: string } {
  const all: string[] = [];
  const named = new Set<string>();
  const inPlace = (where: 'title' | 'abstract') => {
    const words: string[] = [];
    for (const reason of reasons.filter((each) => each.where === where)) {
      for (const word of wordsOf(reason).map(shown)) {
        const folded = word.toLowerCase();
        if (word === '' || named.has(folded) || named.size === WORDS) continue;
        named.add(folded);
        words.push(isOwn(reason) ? t('mail.reason.quoted', { word }) : word);
      }
    }
    all.push(...words);
    return words.length === 0 ? [] : [t(`mail.reason.in-${where}`, { words: words.join(', ') })];
  };
  const inPlaces = [...inPlace('title'), ...inPlace('abstract')].join('; ');
  return { inPlaces, all: all.join(', ') };
}

/** Words that everybody's interest brought a paper; a reader with subjects is told that it is none of theirs. */
function trendLine({ upvotes, comments, entry }: ChosenPaper, t: Translate, setting: Setting): ReasonLine {
  const when = setting.weekly ? 'week' : 'day';
  const words = (who: 'all' | 'other') => {
    if (comments !== null && comments >= MUCH_DISCUSSED)
      return t('mail.reason.discussed', { who, when, count: comments });
    if (upvotes !== null && upvotes >= MUCH_LIKED) return t('mail.reason.liked', { who, when, count: upvotes });
    return t('mail.reason.listed', { who, position: entry.position });
  };
  const found = words('all');
  return { ...line(setting.hasSubjects ? words('other') : found, ''), found };
}

/** Tells whether a reason names the reader's own words. */
function isOwn({ kind }: Reason): boolean {
  return kind === 'phrase' || kind === 'words' || kind === 'title';
}

function wordsOf({ kind, text }: Reason): string[] {
  return kind === 'words' ? text.split(', ') : [text];
}

function line(worded: string, name: string): ReasonLine {
  const [before = '', after = ''] = worded.split(HERE);
  return { before, name, after, found: null, words: '' };
}

function shown(text: string): string {
  return shorten(plainOf(latexToText(cleanText(text), 'title')), 60);
}
