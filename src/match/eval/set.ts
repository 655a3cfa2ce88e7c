import { join } from 'node:path';
import { PACKAGE_ROOT } from '../../config.ts';
import { AppError } from '../../lib/errors.ts';
import { readNamedFile } from '../../lib/named-file.ts';
import { paperTextOf, type PaperText } from '../../model/paper.ts';

/** Papers, interests, and which papers each interest should find. */
export interface EvalSet {
  name: string;
  papers: PaperText[];
  interests: { id: string; text: string; relevant: ReadonlySet<string | number> }[];
}

/** A way of matching: opened on a set's papers, it ranks them for a text. */
export interface EvalSystem {
  name: string;
  open(set: EvalSet): (text: string) => (string | number)[];
}

/** The small set of our own that comes with the program. */
export const OWN_SET = join(PACKAGE_ROOT, 'seeds', 'eval');

/** Reads the set of our own: `papers.jsonl` and `interests.jsonl` of a folder. */
export async function readOwnSet(folder: string = OWN_SET): Promise<EvalSet> {
  const papers = await jsonLines<{ id: string; title: string; abstract: string }>(join(folder, 'papers.jsonl'));
  const interests = await jsonLines<{ id: string; text: string; relevant: string[] }>(join(folder, 'interests.jsonl'));
  return {
    name: 'own',
    papers: papers.map(toPaper),
    interests: interests.map(({ id, text, relevant }) => ({ id, text, relevant: new Set(relevant) })),
  };
}

/** A line of a bench file: papers, interests and labels of one or more benches. */
type BenchLine =
  | { type: 'doc'; bench: string; id: string; title: string; abstract: string }
  | { type: 'query'; bench: string; id: string; text: string }
  | { type: 'qrel'; bench: string; query: string; docs: string[] };

/** Reads a bench file of JSON lines into one set per bench. */
export async function readBench(path: string): Promise<EvalSet[]> {
  const lines = await jsonLines<BenchLine>(path);
  return [...new Set(lines.map(({ bench }) => bench))].map((name) => {
    const own = lines.filter(({ bench }) => bench === name);
    const labels = new Map(
      own.flatMap((line) => (line.type === 'qrel' ? [[line.query, new Set(line.docs)] as const] : [])),
    );
    return {
      name,
      papers: own.flatMap((line) => (line.type === 'doc' ? [toPaper(line)] : [])),
      interests: own.flatMap((line) =>
        line.type === 'query'
          ? [{ id: line.id, text: line.text, relevant: labels.get(line.id) ?? new Set<string>() }]
          : [],
      ),
    };
  });
}

/** Reads a file of JSON lines; throws AppError bad-input that names the line. */
export async function jsonLines<T>(path: string): Promise<T[]> {
  const text = await readNamedFile(path, 'one JSON object a line');
  return text.split('\n').flatMap((line, at) => {
    if (line.trim() === '') return [];
    try {
      return [JSON.parse(line) as T];
    } catch (error) {
      throw new AppError('bad-input', `${path}, line ${at + 1}: expected one JSON object a line`, { cause: error });
    }
  });
}

/** A paper of a file of JSON lines. */
export interface PaperLine {
  id: string;
  title: string;
  abstract: string;
  ai_keywords?: string[];
}

/** Makes a paper of its title and abstract, and the keywords that a model gave it, where the line has some. */
export function toPaper({ id, title, abstract, ai_keywords }: PaperLine): PaperText {
  return paperTextOf(id, { title, abstract, authors: null, organization: null, modelKeywords: ai_keywords ?? [] });
}
