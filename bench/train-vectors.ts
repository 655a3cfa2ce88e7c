/**
 * Trains the word vectors of seeds/vectors anew: `tsx bench/train-vectors.ts OUT_FOLDER PAPERS.jsonl…`, each line
 * {"title","abstract"}. Counts how often stems stand within 8 words of each other (nearer ones more), turns the counts
 * into positive pointwise mutual information with a smoothed context (Levy, Goldberg and Dagan, Improving
 * distributional similarity, 2015), and keeps the first 300 dimensions of its singular value decomposition, found by
 * block power iteration (Halko, Martinsson and Tropp, 2011). Deterministic. Memory: about 20 bytes a pair of stems that
 * ever stand together (some 2 GB for 90,000 abstracts).
 */
import { createReadStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { tokenize } from '../src/match/tokens.ts';

const DIMENSIONS = 300;
const REACH = 8;
const LEAST_TEXTS = 5;
const CONTEXT_SMOOTHING = 0.75;
const ITERATIONS = 6;

const [out, ...files] = process.argv.slice(2);
if (!out || files.length === 0) throw new Error('usage: tsx bench/train-vectors.ts OUT_FOLDER PAPERS.jsonl…');

const texts = await readTexts(files);
const { stems, counts } = chooseStems(texts);
const matrix = mutualInformation(countPairs(texts, new Map(stems.map((stem, row) => [stem, row]))), stems.length);
const vectors = decompose(matrix, stems.length, Math.min(DIMENSIONS, stems.length));
await write(out);

async function readTexts(paths: string[]): Promise<string[][]> {
  const read: string[][] = [];
  for (const path of paths) {
    for await (const line of createInterface({ input: createReadStream(path, 'utf8') })) {
      if (line.trim() === '') continue;
      const { title, abstract } = JSON.parse(line) as { title: string; abstract?: string };
      read.push(tokenize(`${title}. ${abstract ?? ''}`).map((token) => token.stem));
    }
  }
  return read;
}

function chooseStems(all: string[][]): { stems: string[]; counts: number[] } {
  const having = new Map<string, number>();
  for (const text of all) for (const stem of new Set(text)) having.set(stem, (having.get(stem) ?? 0) + 1);
  const kept = [...having].filter(([, count]) => count >= LEAST_TEXTS).sort(([a], [b]) => (a < b ? -1 : 1));
  return { stems: kept.map(([stem]) => stem), counts: kept.map(([, count]) => count) };
}

function countPairs(all: string[][], rows: ReadonlyMap<string, number>): Map<number, number>[] {
  const pairs = Array.from({ length: rows.size }, () => new Map<number, number>());
  for (const text of all) {
    const known = text.map((stem) => rows.get(stem) ?? -1);
    for (const [at, row] of known.entries()) {
      if (row < 0) continue;
      for (let next = at + 1; next <= Math.min(known.length - 1, at + REACH); next++) {
        const other = known[next]!;
        if (other < 0 || other === row) continue;
        const weight = 1 / (next - at);
        pairs[row]!.set(other, (pairs[row]!.get(other) ?? 0) + weight);
        pairs[other]!.set(row, (pairs[other]!.get(row) ?? 0) + weight);
      }
    }
  }
  return pairs;
}

interface SparseRow {
  columns: Int32Array;
  values: Float32Array;
}

function mutualInformation(pairs: Map<number, number>[], size: number): SparseRow[] {
  const sums = pairs.map((row) => [...row.values()].reduce((sum, value) => sum + value, 0));
  const smoothed = sums.map((sum) => sum ** CONTEXT_SMOOTHING);
  const total = smoothed.reduce((sum, value) => sum + value, 0);
  if (size === 0) throw new Error(`no word stands in ${LEAST_TEXTS} texts; expected more papers`);
  return pairs.map((row, at) => {
    const kept = [...row].flatMap(([column, value]): [number, number][] => {
      const information = Math.log((value * total) / (sums[at]! * smoothed[column]!));
      return information > 0 ? [[column, information]] : [];
    });
    return {
      columns: Int32Array.from(kept, ([column]) => column),
      values: Float32Array.from(kept, ([, value]) => value),
    };
  });
}

/** Rows times the square root of the singular values, of the symmetric matrix's strongest directions. */
function decompose(rows: SparseRow[], size: number, dimensions: number): Float32Array {
  let state = 12_345;
  let basis = Float32Array.from(
    { length: size * dimensions },
    () => (state = (state * 48_271) % 2_147_483_647) / 1_073_741_823.5 - 1,
  );
  orthonormalize(basis, size, dimensions);
  for (let round = 0; round < ITERATIONS; round++) {
    basis = multiply(rows, basis, dimensions);
    const strengths = orthonormalize(basis, size, dimensions);
    process.stderr.write(`round ${round + 1} of ${ITERATIONS}, strongest ${strengths[0]!.toFixed(1)}\n`);
    if (round === ITERATIONS - 1)
      for (let at = 0; at < basis.length; at++) basis[at]! *= Math.sqrt(strengths[at % dimensions]!);
  }
  return basis;
}

function multiply(rows: SparseRow[], basis: Float32Array, dimensions: number): Float32Array<ArrayBuffer> {
  const product = new Float32Array(rows.length * dimensions);
  for (const [row, { columns, values }] of rows.entries()) {
    for (let at = 0; at < columns.length; at++) {
      const from = columns[at]! * dimensions;
      for (let d = 0; d < dimensions; d++) product[row * dimensions + d]! += values[at]! * basis[from + d]!;
    }
  }
  return product;
}

/** Gram–Schmidt over the columns, in place; returns their lengths before. */
function orthonormalize(basis: Float32Array, size: number, dimensions: number): number[] {
  const product = (a: number, b: number) => {
    let sum = 0;
    for (let row = 0; row < size; row++) sum += basis[row * dimensions + a]! * basis[row * dimensions + b]!;
    return sum;
  };
  return Array.from({ length: dimensions }, (_, column) => {
    for (let before = 0; before < column; before++) {
      const share = product(before, column);
      for (let row = 0; row < size; row++)
        basis[row * dimensions + column]! -= share * basis[row * dimensions + before]!;
    }
    const length = Math.sqrt(product(column, column)) || 1;
    for (let row = 0; row < size; row++) basis[row * dimensions + column]! /= length;
    return length;
  });
}

/**
 * Writes the four files of seeds/vectors: unit vectors as int8 with a scale per row, stems, and in how many texts each
 * stands.
 */
async function write(folder: string): Promise<void> {
  const dimensions = vectors.length / stems.length;
  const bytes = new Int8Array(vectors.length);
  const scales = Float32Array.from(stems, (_, row) => {
    const vector = vectors.subarray(row * dimensions, (row + 1) * dimensions);
    const length = Math.hypot(...vector) || 1;
    const most = vector.reduce((top, value) => Math.max(top, Math.abs(value)), 0) || 1;
    for (let at = 0; at < dimensions; at++) bytes[row * dimensions + at] = Math.round((vector[at]! / most) * 127);
    return most / length / 127;
  });
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'vectors.int8.bin'), bytes);
  await writeFile(join(folder, 'scales.f32.bin'), scales);
  await writeFile(
    join(folder, 'stem-counts.u16.bin'),
    Uint16Array.from(counts, (count) => Math.min(count, 65_535)),
  );
  await writeFile(join(folder, 'stems.json'), JSON.stringify({ dimensions, texts: texts.length, stems }));
  process.stdout.write(`${stems.length} stems of ${dimensions} dimensions from ${texts.length} texts, in ${folder}\n`);
}
