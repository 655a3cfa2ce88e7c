import type { Entry } from '../../model/digest.ts';
import { cleanText, shorten } from './clean-text.ts';
import { excerptOf } from './excerpt.ts';
import { findingsOf, type Findings } from './findings/findings.ts';
import { saidOf, type Said } from './findings/said.ts';
import { latexToText } from './latex-to-text.ts';
import { plainOf, type MarkedText } from './marked-text.ts';
import { sentencesOf, type Sentence } from './sentences.ts';

/** An abstract in sentences, and what they say first. */
export interface AbstractReading {
  sentences: readonly Sentence[];
  /** Which sentences say what is new and what came out. */
  findings: Findings;
  /** The same as shown: without openings that point back, fit for a card. */
  said: Said;
}

/** What a paper says, made readable: the same for all its readers, whatever they see of it. */
export interface PaperReading extends AbstractReading {
  /** Never empty. */
  title: MarkedText;
  plainTitle: string;
  /** The first authors, none where the source names none. */
  names: readonly string[];
  organization: string;
}

/** Longest title shown, in characters: longer than any real one, so that only nonsense is cut. */
const TITLE = 300;
const NAME = 60;
/** Most of a title or name that is looked at. */
const LINE = { lookedAt: 2_000 };
/** Authors named before «and n others». */
const NAMED = 3;

/**
 * Reads a paper as it is listed: without what a capture left in it, its LaTeX as Unicode, its abstract in sentences.
 */
export function readPaper(entry: Entry): PaperReading {
  const title = titleOf(entry);
  const plainTitle = plainOf(title);
  return {
    title,
    plainTitle,
    ...readAbstract(plainTitle, entry.abstract),
    names: entry.authors
      .slice(0, NAMED)
      .map(nameOf)
      .filter((name) => name !== ''),
    organization: nameOf(entry.organization?.name ?? ''),
  };
}

/** Reads an abstract under its title as shown. */
export function readAbstract(plainTitle: string, abstract: string): AbstractReading {
  const sentences = sentencesOf(latexToText(cleanText(abstract), 'abstract'));
  const findings = findingsOf(plainTitle, sentences);
  return { sentences, findings, said: saidOf(sentences, findings) };
}

/**
 * Returns the first lines about a paper: what is new, then what came out; where the abstract doesn't tell, an excerpt
 * from the sentence at `at`.
 */
export function firstLines({ sentences, said }: AbstractReading, at = 0): MarkedText {
  const lines = [said.isNew, said.cameOut].filter((line) => line !== '');
  return lines.length > 0 ? lines.join(' ') : excerptOf(sentences, at);
}

function titleOf(entry: Entry): MarkedText {
  const title = latexToText(cleanText(entry.title, LINE), 'title');
  if (plainOf(title).length > TITLE) return shorten(plainOf(title), TITLE);
  return title === '' ? entry.paperPublicId : title;
}

function nameOf(name: string): string {
  return shorten(plainOf(latexToText(cleanText(name, LINE), 'title')), NAME);
}
