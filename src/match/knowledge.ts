import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../config.ts';
import { readEquivalents, type Equivalents } from './equivalents.ts';

/**
 * What the matcher knows of the language of papers before it has seen one; made by `bench/train-vectors.ts`, see
 * docs/relevance.md.
 */
export interface Knowledge {
  dimensions: number;
  /** Row of each Porter stem in `vectors`. */
  rows: ReadonlyMap<string, number>;
  stems: readonly string[];
  /** Unit vectors: row r times `scales[r]`. */
  vectors: Int8Array;
  scales: Float32Array;
  /** How many of `texts` abstracts hold the stem. */
  counts: Uint16Array;
  texts: number;
  /** Curated acronyms and twin terms. */
  equivalents: Equivalents;
}

/** Returns the row of a stem; -1 where it is not known. */
export function stemRow(knowledge: Knowledge, stem: string): number {
  return knowledge.rows.get(stem) ?? -1;
}

let loaded: Knowledge | undefined;

/** Loads seeds/vectors and seeds/equivalents.json once per process (5 MB). */
export function loadKnowledge(): Knowledge {
  loaded ??= readKnowledge(join(PACKAGE_ROOT, 'seeds'));
  return loaded;
}

function readKnowledge(folder: string): Knowledge {
  const bytes = (name: string) => {
    const file = readFileSync(join(folder, 'vectors', name));
    return file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength);
  };
  const head = JSON.parse(readFileSync(join(folder, 'vectors', 'stems.json'), 'utf8')) as {
    dimensions: number;
    texts: number;
    stems: string[];
  };
  const knowledge = {
    dimensions: head.dimensions,
    texts: head.texts,
    stems: head.stems,
    rows: new Map(head.stems.map((stem, row) => [stem, row])),
    vectors: new Int8Array(bytes('vectors.int8.bin')),
    scales: new Float32Array(bytes('scales.f32.bin')),
    counts: new Uint16Array(bytes('stem-counts.u16.bin')),
    equivalents: readEquivalents(JSON.parse(readFileSync(join(folder, 'equivalents.json'), 'utf8'))),
  };
  const rows = head.stems.length;
  if (
    knowledge.vectors.length !== rows * head.dimensions ||
    knowledge.scales.length !== rows ||
    knowledge.counts.length !== rows
  ) {
    throw new Error(
      `seeds/vectors: the files do not belong together (${rows} stems of ${head.dimensions} dimensions expected)`,
    );
  }
  return knowledge;
}
