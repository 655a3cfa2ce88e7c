import { eachOnce, readExamples } from '../examples/read-examples.ts';
import type { Unread } from '../examples/record.ts';
import { MAX_EXAMPLES, MAX_LEFT_OUT, MAX_PASTE_BYTES, type Example } from '../model/example.ts';
import { likeWish, type Like, type Wish } from '../model/interest.ts';

/** What could not be read of papers given as examples: the first lines, and how many in all. */
export interface UnreadExamples {
  lines: Unread[];
  count: number;
}

/** Why papers given as examples cannot be taken; `values` are those of its words. */
export interface LikeProblem {
  code: 'nothing' | 'too-many' | 'too-long' | 'too-many-left-out';
  expected: string;
  values: Record<string, string | number>;
}

/** The wish that examples make, or what is wrong with them. */
export type CheckedLike = { ok: true; wish: Wish | null; unread: UnreadExamples } | { ok: false; problem: LikeProblem };

/** What a program is told where papers are no list. */
export const LIKE_EXPECTED = 'expected a list of texts or of CSL items';

/** What a line could not be read for, as programs are told. */
const EXPECTED: Record<Unread['problem'], string> = {
  nothing: 'expected a title, an arXiv id or a DOI',
  'other-link': 'expected a link to arXiv, Hugging Face or a DOI',
  unclosed: 'this entry never closes',
  json: 'expected JSON as CSL has it',
  csv: 'expected a table as Zotero writes it',
};

/**
 * Checks papers given as examples: texts as somebody pastes them, or items of CSL-JSON; `held` are those kept of
 * before. What cannot be read is left out and told of; nothing readable at all is a problem.
 */
export function checkLike(
  given: readonly unknown[],
  notLike: readonly string[],
  held: readonly Example[],
): CheckedLike {
  const pastes = given.map((one) => (typeof one === 'string' ? one : JSON.stringify([one])));
  const bytes = pastes.reduce((sum, paste) => sum + Buffer.byteLength(paste), 0);
  if (bytes > MAX_PASTE_BYTES) return refuse('too-long', `expected at most ${MAX_PASTE_BYTES} bytes`, { bytes });
  const read = pastes.map((paste) => readExamples(paste));
  const examples = eachOnce([...held, ...read.flatMap((one) => one.examples)]);
  const unread = {
    lines: read.flatMap((one) => one.unread),
    count: read.reduce((sum, one) => sum + one.unreadCount, 0),
  };
  const leftOut = [...new Set([...notLike, ...read.flatMap((one) => one.leftOut)].map((name) => name.trim()))];
  if (examples.length > MAX_EXAMPLES)
    return refuse('too-many', `expected at most ${MAX_EXAMPLES} papers`, { n: examples.length, max: MAX_EXAMPLES });
  if (leftOut.length > MAX_LEFT_OUT)
    return refuse('too-many-left-out', `expected at most ${MAX_LEFT_OUT} subjects to leave out`, { max: MAX_LEFT_OUT });
  const [first] = unread.lines;
  if (examples.length === 0 && first) return refuse('nothing', unreadExpected(first), { ...first });
  return { ok: true, wish: likeWish({ examples, leftOut: leftOut.filter(Boolean) }), unread };
}

/** Says of what could not be read where it is, and what was expected: to programs. */
export function unreadExpected({ line, text, problem }: Unread): string {
  return `line ${line} «${text}»: ${EXPECTED[problem]}`;
}

function refuse(code: LikeProblem['code'], expected: string, values: LikeProblem['values']): CheckedLike {
  return { ok: false, problem: { code, expected, values } };
}

/** Writes examples as texts that read back as the same: what the CSV holds. */
export function likeTexts({ examples, leftOut }: Like): string[] {
  return [...examples.map((example) => exampleText(example)), ...leftOut.map((name) => `without: ${name}`)];
}

function exampleText({ arxivId, doi, title, abstract }: Example): string {
  const short = [title || arxivId || doi, title && arxivId && `(arXiv:${arxivId})`].filter(Boolean).join(' ');
  const example = { arxivId, doi, title, abstract };
  const [back, more] = readExamples(short).examples;
  if (!more && JSON.stringify(back) === JSON.stringify(example)) return short;
  const item = { title, arxivId: arxivId ?? undefined, DOI: doi ?? undefined, abstract: abstract || undefined };
  return JSON.stringify(item);
}
