import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';

/** A paper to learn from. */
export interface TrainingPaper {
  title: string;
  abstract: string;
  keywords: string[];
  /** One sentence that tells what the paper does; empty where nobody wrote one. */
  summary: string;
  /** Whether it stood on a daily list, as the papers to be matched do. */
  listed: boolean;
}

/**
 * Reads papers from JSON lines, plain or gzipped: {"title", "abstract"} and, where there are, "keywords" (or
 * "ai_keywords", "kw"), "ai_summary" (or "sum") and "src" («hf/…» for papers of the daily list); arXiv's metadata fits
 * as it comes. Lines without title or abstract are skipped, as is a title that was there before.
 */
export async function readPapers(paths: readonly string[]): Promise<TrainingPaper[]> {
  const papers = new Map<string, TrainingPaper>();
  for (const path of paths) {
    const file = createReadStream(path);
    const input = path.endsWith('.gz') ? file.pipe(createGunzip()) : file;
    let number = 0;
    for await (const line of createInterface({ input, crlfDelay: Infinity })) {
      number++;
      const paper = line.trim() === '' ? null : paperOf(parse(line, `${path}, line ${number}`));
      if (paper !== null && !papers.has(paper.title)) papers.set(paper.title, paper);
    }
  }
  return [...papers.values()];
}

function parse(line: string, where: string): Record<string, unknown> {
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch (error) {
    throw new Error(`${where} is not JSON; expected {"title", "abstract"}`, { cause: error });
  }
}

function paperOf(line: Record<string, unknown>): TrainingPaper | null {
  const title = textOf(line['title']);
  const abstract = textOf(line['abstract']);
  if (title === '' || abstract === '') return null;
  const keywords = line['keywords'] ?? line['ai_keywords'] ?? line['kw'] ?? [];
  return {
    title,
    abstract,
    keywords: Array.isArray(keywords) ? keywords.map(textOf) : textOf(keywords).split(/[;,]/),
    summary: textOf(line['ai_summary'] ?? line['sum']),
    listed: textOf(line['src']).startsWith('hf/'),
  };
}

/** Lines of arXiv's dump are broken as they were typed. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value.replace(/\s+/g, ' ').trim() : '';
}
