import { trimEndOf } from '../lib/trim.ts';

/** An arXiv id with what may stand before it: of the present form, or of the one before 2007. */
const NEW_ID = String.raw`\d{4}\.\d{4,5}`;
const OLD_ID = String.raw`[a-z-]+(?:\.[A-Z]{2})?\/\d{7}`;
const ID = `(${NEW_ID}|${OLD_ID})(?:v\\d+)?`;

const BARE_ID = new RegExp(`^(?:arxiv\\s*:\\s*)?${ID}(?:\\s*\\[[\\w.-]+\\])?$`, 'i');
const ID_BEHIND_NAME = new RegExp(`arxiv\\s*[:/]\\s*${ID}(?![\\d/])`, 'i');
const ID_IN_LINK = new RegExp(
  `(?:arxiv\\.org|alphaxiv\\.org|ar5iv\\.[a-z.]+|huggingface\\.co|hf\\.co|arxiv-vanity\\.com)/` +
    `(?:[a-z]+/)*${ID}(?:\\.pdf)?(?![\\d/])`,
  'i',
);
/** How arXiv registers its own papers (https://info.arxiv.org/help/doi.html). */
const ARXIV_DOI = new RegExp(`^10\\.48550/arxiv\\.${ID}$`, 'i');
const DOI = /\b10\.\d{4,9}\/[^\s"<>{}|\\^`]+/i;

/** Finds the arXiv id, without version, that a whole text is: «2501.01234», «arXiv:2501.01234v2», «hep-th/9901001». */
export function bareArxivId(text: string): string | null {
  return BARE_ID.exec(text.trim())?.[1] ?? null;
}

/** Finds the arXiv id, without version, that stands in a text behind the name or in a link; null: none. */
export function arxivIdIn(text: string): string | null {
  const found = ID_IN_LINK.exec(text)?.[1] ?? ID_BEHIND_NAME.exec(text)?.[1];
  if (found !== undefined) return found;
  const doi = DOI.exec(text)?.[0];
  return (doi !== undefined && ARXIV_DOI.exec(trimDoi(doi))?.[1]) || null;
}

/** Finds the DOI in a text, in lower case; null where there is none, or where it is one that arXiv gave. */
export function doiIn(text: string): string | null {
  const found = DOI.exec(decoded(text))?.[0];
  if (found === undefined) return null;
  const doi = trimDoi(found).toLowerCase();
  return ARXIV_DOI.test(doi) ? null : doi;
}

/** Takes off what a sentence, a bracket or a publisher's address puts behind a DOI. */
function trimDoi(doi: string): string {
  const behind = doi.search(/[?#]/);
  const shown = behind < 0 ? doi : doi.slice(0, behind);
  let trimmed = trimEndOf(shown.replace(/\/(?:pdf|full|abstract|epdf|meta)$/i, ''), /[.,;:'’”]/);
  while (/[)\]]$/.test(trimmed) && unopened(trimmed)) trimmed = trimmed.slice(0, -1);
  return trimEndOf(trimmed, /[.,;:]/).replace(/\.pdf$/i, '');
}

function unopened(text: string): boolean {
  const count = (sign: string) => text.split(sign).length;
  return count(')') > count('(') || count(']') > count('[');
}

function decoded(text: string): string {
  return text.replace(/%2f/gi, '/').replace(/%28/g, '(').replace(/%29/g, ')');
}
