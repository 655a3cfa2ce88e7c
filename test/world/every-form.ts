import type { ParsedEntry } from '../../src/model/digest.ts';

/** Each work has its own, or it would be much like the others. */
const WORDS = 'tides currents divers seasons storms urchins otters light depth silt salt drift';

const ORDINARY: ParsedEntry = {
  position: 1,
  title: '',
  abstract: '',
  authors: ['Ada B. Quill', 'Bo Reed'],
  authorCount: 2,
  organization: null,
  publishedOn: null,
  upvotes: null,
  comments: null,
  arxivId: null,
  doi: null,
  url: null,
  codeUrl: null,
  discussionUrl: null,
};

/**
 * Makes one work in each form that sources tell it in; `retitled`, its second version and the journal's have another
 * title. The page text knows neither names nor ids.
 */
export function workInEveryForm(number: number, retitled = false): Record<string, ParsedEntry> {
  const title = `Where the carbon of kelp goes ${number}`;
  const later = retitled ? `The fate of carbon in kelp forests ${number}` : title;
  const of = (change: Partial<ParsedEntry>): ParsedEntry => ({
    ...ORDINARY,
    title,
    abstract: `Forest ${number}: ${WORDS.split(' ')
      .map((word) => `${word}${number}`)
      .join(' ')}.`,
    ...change,
  });
  return {
    preprint: of({ doi: `10.1101/2026.01.01.${100_000 + number}` }),
    'second version': of({ doi: `10.1101/2026.01.01.${100_000 + number}`, title: later }),
    journal: of({ doi: `10.5555/kelp.${number}`, title: later, authors: ['Quill, A. B.', 'Reed B'] }),
    arxiv: of({ arxivId: `2601.${10_000 + number}`, authors: ['A. Quill', 'B. Reed'] }),
    datacite: of({ arxivId: `2601.${10_000 + number}`, title: title.toUpperCase() }),
    'page text': of({ authors: [] }),
  };
}
