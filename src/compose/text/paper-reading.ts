import type { Entry } from '../../model/digest.ts';
import { cleanText, shorten } from './clean-text.ts';
import { sentencesOf, type Sentence } from './excerpt.ts';
import { latexToText } from './latex-to-text.ts';
import { plainOf, type MarkedText } from './marked-text.ts';

/** What a paper says, made readable: the same for all its readers, whatever they see of it. */
export interface PaperReading {
  /** Never empty. */
  title: MarkedText;
  plainTitle: string;
  sentences: readonly Sentence[];
  /** The first authors, none where the source names none. */
  names: readonly string[];
  organization: string;
}

/** Longest title shown, in characters: longer than any real one, so that only nonsense is cut. */
const TITLE = 300;
const NAME = 60;
/** Most of a title or name that is looked at. */
const LINE = 2_000;
/** Authors named before «and n others». */
const NAMED = 3;

/**
 * Reads a paper as it is listed: without what a capture left in it, its LaTeX as Unicode, its abstract in sentences.
 */
export function readPaper(entry: Entry): PaperReading {
  const title = titleOf(entry);
  return {
    title,
    plainTitle: plainOf(title),
    sentences: sentencesOf(latexToText(cleanText(entry.abstract), 'abstract')),
    names: entry.authors
      .slice(0, NAMED)
      .map(nameOf)
      .filter((name) => name !== ''),
    organization: nameOf(entry.organization?.name ?? ''),
  };
}

function titleOf(entry: Entry): MarkedText {
  const title = latexToText(cleanText(entry.title, LINE), 'title');
  if (plainOf(title).length > TITLE) return shorten(plainOf(title), TITLE);
  return title === '' ? entry.paperPublicId : title;
}

function nameOf(name: string): string {
  return shorten(plainOf(latexToText(cleanText(name, LINE), 'title')), NAME);
}
