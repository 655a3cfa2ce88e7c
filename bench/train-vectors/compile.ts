import { countUnits, unitOf, type UnitTable } from '../../src/match/units.ts';
import { unitTable } from '../../src/match/vectors.ts';
import type { Corpus } from './choose-units.ts';
import type { TrainingPaper } from './read-papers.ts';

/** Lists of rows, one behind the other, in memory that threads share: list i lies from starts[i] to starts[i + 1]. */
export interface Lists {
  starts: Int32Array;
  rows: Int32Array;
  /** 1 + ln of how often the unit stands there. */
  counts: Float32Array;
}

/** Everything the training learns from, as rows of units. */
export interface Material {
  titles: Lists;
  abstracts: Lists;
  /** Each place of a unit in a title: its row, and as `counts` the first word · 256 + the number of words. */
  places: Lists;
  /** Keywords and one-sentence summaries, and whose they are. */
  keywords: Lists;
  papersOfKeywords: Int32Array;
  summaries: Lists;
  papersOfSummaries: Int32Array;
}

/** Turns texts into rows of units; as `countUnits` does, but each distinct word is looked up once. */
export function compile(papers: readonly TrainingPaper[], corpus: Corpus, units: readonly string[]): Material {
  const table = unitTable(units);
  const placesOf = placer(corpus, units, table);
  const counted = (text: Int32Array) => {
    const counts = new Map<number, number>();
    placesOf(text, (row) => counts.set(row, (counts.get(row) ?? 0) + 1));
    return withLogarithms(counts);
  };
  const placed = (text: Int32Array) => {
    const places: [number, number][] = [];
    placesOf(text, (row, first, length) => places.push([row, first * 256 + length]));
    return places;
  };
  const keywords = papers.flatMap((paper, owner) => paper.keywords.map((text) => ({ owner, text })));
  const summaries = papers.flatMap(({ summary }, owner) => (summary === '' ? [] : [{ owner, text: summary }]));
  const listOf = ({ text }: { text: string }) => withLogarithms(countUnits(text, table));
  return {
    titles: pack(corpus.titles.map(counted)),
    abstracts: pack(corpus.abstracts.map(counted)),
    places: pack(corpus.titles.map(placed)),
    keywords: pack(keywords.map(listOf)),
    papersOfKeywords: shared(keywords.map(({ owner }) => owner)),
    summaries: pack(summaries.map(listOf)),
    papersOfSummaries: shared(summaries.map(({ owner }) => owner)),
  };
}

type EachPlace = (text: Int32Array, found: (row: number, first: number, length: number) => void) => void;

/** Finds the places of units in a text of word numbers. */
function placer({ words }: Corpus, units: readonly string[], { rows, longest }: UnitTable): EachPlace {
  const names = words.map((word) => unitOf(word, rows));
  const inPhrase = new Set(units.flatMap((unit) => (unit.includes(' ') ? unit.split(' ') : [])));
  const single = Int32Array.from(names, (name) => rows.get(name) ?? -1);
  const phrased = names.map((name) => inPhrase.has(name));
  return (text, found) => {
    let run = 0; // how many words up to here, this one too, may belong to one phrase
    for (const [at, word] of text.entries()) {
      if (word < 0 || !phrased[word]) run = 0;
      else run++;
      if (word < 0) continue;
      if (single[word]! >= 0) found(single[word]!, at, 1);
      let unit = names[word]!;
      for (let length = 2; length <= Math.min(run, longest); length++) {
        unit = `${names[text[at - length + 1]!]!} ${unit}`;
        const row = rows.get(unit);
        if (row !== undefined) found(row, at - length + 1, length);
      }
    }
  };
}

function withLogarithms(counts: ReadonlyMap<number, number>): [number, number][] {
  return [...counts].map(([row, count]) => [row, 1 + Math.log(count)]);
}

function pack(lists: readonly (readonly [number, number])[][]): Lists {
  const size = lists.reduce((sum, list) => sum + list.length, 0);
  const packed = {
    starts: new Int32Array(new SharedArrayBuffer(4 * (lists.length + 1))),
    rows: new Int32Array(new SharedArrayBuffer(4 * size)),
    counts: new Float32Array(new SharedArrayBuffer(4 * size)),
  };
  let end = 0;
  for (const [at, list] of lists.entries()) {
    for (const [row, count] of list) {
      packed.rows[end] = row;
      packed.counts[end++] = count;
    }
    packed.starts[at + 1] = end;
  }
  return packed;
}

function shared(numbers: readonly number[]): Int32Array {
  const array = new Int32Array(new SharedArrayBuffer(4 * numbers.length));
  array.set(numbers);
  return array;
}
