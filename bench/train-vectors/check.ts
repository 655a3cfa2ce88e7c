import { existsSync, readFileSync } from 'node:fs';
import { scalarProduct } from '../../src/match/embedded.ts';
import { interestVector, paperVector, usualCosine, type Vectors } from '../../src/match/vectors.ts';
import type { TrainingPaper } from './read-papers.ts';

/** Tells for how many papers, kept out of the training, the own abstract is the nearest to the title of all. */
export function titlesFindAbstracts(vectors: Vectors, papers: readonly TrainingPaper[]): number {
  const abstracts = papers.map(({ abstract }) => paperVector(vectors, '', abstract));
  const right = papers.filter(({ title }, own) => {
    const wanted = interestVector(vectors, [title]);
    const cosine = scalarProduct(wanted, abstracts[own]!);
    return abstracts.every((abstract, other) => other === own || scalarProduct(wanted, abstract) < cosine);
  });
  return right.length / papers.length;
}

/**
 * Average precision of the order by cosine, over the papers of all judged days, mean of the interests; main and fair
 * are right, what is in doubt is left out. Also of one order of all pairs by how far the cosine is beyond the usual.
 * Null where the judged days don't lie there.
 */
export function judgedPrecision(vectors: Vectors, path: string): { mean: number; pooled: number } | null {
  if (!existsSync(path)) return null;
  const lines = readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as JudgedLine);
  const papers = lines
    .filter((line) => line.type === 'paper')
    .map(({ id, title, abstract }) => ({ id, vector: paperVector(vectors, title, abstract) }));
  const grades = new Map(
    lines.flatMap((line) => (line.type === 'label' ? [[`${line.interest} ${line.paper}`, line.grade]] : [])),
  );
  const interests = lines.filter((line) => line.type === 'interest');
  const pooled: Ranked[] = [];
  const each = interests.flatMap(({ id, text }) => {
    const wanted = interestVector(vectors, [text]);
    const { mean, deviation } = usualCosine(vectors, wanted);
    const ranked = papers.flatMap((paper) => {
      const grade = grades.get(`${id} ${paper.id}`);
      return grade === 'doubt' ? [] : [{ score: scalarProduct(wanted, paper.vector), right: grade !== undefined }];
    });
    pooled.push(...ranked.map(({ score, right }) => ({ score: (score - mean) / (deviation || 1), right })));
    return ranked.some(({ right }) => right) ? [averagePrecision(ranked)] : [];
  });
  return { mean: each.reduce((sum, one) => sum + one, 0) / each.length, pooled: averagePrecision(pooled) };
}

type JudgedLine =
  | { type: 'interest'; id: number; text: string }
  | { type: 'paper'; id: string; title: string; abstract: string }
  | { type: 'label'; interest: number; paper: string; grade: 'main' | 'fair' | 'doubt' };

interface Ranked {
  score: number;
  right: boolean;
}

function averagePrecision(ranked: Ranked[]): number {
  ranked.sort((a, b) => b.score - a.score);
  let [found, sum] = [0, 0];
  for (const [at, { right }] of ranked.entries()) if (right) sum += ++found / (at + 1);
  return sum / found;
}
