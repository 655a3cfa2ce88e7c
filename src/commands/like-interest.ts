import { readExamples } from '../examples/read-examples.ts';
import type { LikeExamples } from '../match/examples/like-score.ts';
import { exampleIdentity, isTelling, joinExamples, MAX_EXAMPLES } from '../model/example.ts';
import { titleIdentity } from '../model/identity.ts';
import type { PaperText } from '../model/paper.ts';

/**
 * Reads the text of an interest of kind like: ids of papers in the file, one a line, or anything that a reader may
 * paste. Papers of the file stand for themselves, by id, arXiv id or title. Tells what could not be used.
 */
export function readLikeInterest(
  text: string,
  papers: readonly PaperText[],
): { like: LikeExamples; problems: string[] } {
  const byId = new Map(papers.map((paper) => [String(paper.id), paper]));
  const lines = text.split(/\r?\n/);
  const named = lines.flatMap((line) => byId.get(line.trim()) ?? []);
  const rest = lines.filter((line) => !byId.has(line.trim())).join('\n');
  const { examples, leftOut, unread } = readExamples(rest);
  const known = joinExamples(examples, papers.map(knownAs));
  const given = examples.map((example, at) => withPaper(example, papers[known[at] ?? -1]));
  const all = [...named.map((paper) => withPaper({ title: '', abstract: '' }, paper)), ...given];
  const silent = examples.filter((_, at) => given[at] && !isTelling(given[at]));
  return {
    like: { examples: all.filter(isTelling).slice(0, MAX_EXAMPLES), leftOut },
    problems: [
      ...silent.map((one) => `${exampleIdentity(one)} is not among the papers and has no title; it counts for nothing`),
      ...unread.map(({ line, text: start }) => `line ${line} «${start}» names no paper`),
      ...(all.length > MAX_EXAMPLES ? [`${all.length} examples; only the first ${MAX_EXAMPLES} count`] : []),
      ...(all.length === 0 && unread.length === 0 ? ['no paper is given as an example; it matches nothing'] : []),
    ],
  };
}

function knownAs({ id, title }: PaperText, at: number) {
  const arxivId = /^(?:arxiv:)?(\d{4}\.\d{4,5})(?:v\d+)?$/i.exec(String(id))?.[1];
  return { id: at, arxivIds: arxivId ? [arxivId] : [], dois: [], authors: [], titleKeys: [titleIdentity(title)] };
}

function withPaper(example: { title: string; abstract: string }, paper: PaperText | undefined) {
  return paper ? { title: paper.title, abstract: paper.abstract, paperId: paper.id } : example;
}
