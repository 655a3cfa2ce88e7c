import { STOP_WORDS } from '../../src/match/spellings.ts';
import { stemOf } from '../../src/match/tokens.ts';
import { unitOf, wordsOf, type Word } from '../../src/match/units.ts';
import type { TrainingPaper } from './read-papers.ts';

/** A unit of one word stands in at least so many papers. */
const LEAST_PAPERS = 5;
/** Capitals stand in at least this share of the papers that hold their stem; fewer are a shouted word. */
const LEAST_CAPITAL_SHARE = 0.005;
/** A stem is no unit of its own where its capitals are so many times as frequent, or it stands in fewer papers. */
const CAPITALS_RULE = 6;
const LEAST_BESIDE_CAPITALS = 8;
/** A phrase stands there at least so many times … */
const LEAST_TIMES = 15;
/**
 * … and more often than by chance, as a share of what it could be at most: normalised pointwise mutual information
 * (Bouma, Normalized (pointwise) mutual information in collocation extraction, 2009); more with a stop word inside.
 */
const LEAST_INFORMATION = 0.2;
const LEAST_INFORMATION_AROUND_STOP_WORD = 0.3;

/** Words that begin and end no phrase, for they tell how papers talk, not of what. */
const FILLERS =
  'accordingly achieve aim allow already approach available become better certain consider demonstrate ' +
  'different difficult effective enable especially establish etc even ever every exceed exhibit exist extensive ' +
  'extra far focus good great highly identify illustrate improve include increase indicate insight introduce ' +
  'investigate known lack latter lead less like main many meanwhile mention method namely necessary need never ' +
  'nevertheless novel number obtain often outperform particular performance popular possible present previous ' +
  'prone prove provide rather recent recently regard relate reliance rely remain require result reveal several ' +
  'significant significantly similar simple still study substantial succeed success such suggest superior take ' +
  'technique therein three together typical typically unlike useful valuable variety verify way well widely';

const STOPS = new Set([...STOP_WORDS].map(stemOf));
const TALK = new Set([...STOPS, ...FILLERS.split(' ').map(stemOf)]);

/** Texts as numbers of distinct words; -1 stands before a word that is not joined to the one before. */
export interface Corpus {
  words: Word[];
  titles: Int32Array[];
  abstracts: Int32Array[];
}

/** Splits all titles and abstracts into words, each distinct one kept once. */
export function readCorpus(papers: readonly TrainingPaper[]): Corpus {
  const words: Word[] = [];
  const known = new Map<string, number>();
  const numbersOf = (text: string) => {
    const numbers: number[] = [];
    for (const word of wordsOf(text)) {
      const key = `${word.stem} ${word.capital ?? ''} ${word.typed ?? ''}`;
      let number = known.get(key);
      if (number === undefined) known.set(key, (number = words.push(word) - 1));
      if (!word.joined) numbers.push(-1);
      numbers.push(number);
    }
    return Int32Array.from(numbers);
  };
  const titles = papers.map(({ title }) => numbersOf(title));
  return { words, titles, abstracts: papers.map(({ abstract }) => numbersOf(abstract)) };
}

/** Chooses what gets a vector, in the order of the alphabet: single words, then phrases. */
export function chooseUnits(corpus: Corpus): string[] {
  const singles = chooseSingles(corpus);
  const phrases = choosePhrases(corpus, singles);
  return [...[...singles].sort(), ...phrases.sort()];
}

function chooseSingles({ words, titles, abstracts }: Corpus): Set<string> {
  const stems = new Map<string, number>();
  const capitals = new Map<string, { stem: string; papers: number }>();
  for (const [paper, title] of titles.entries()) {
    const seen = new Set([...title, ...(abstracts[paper] ?? [])]);
    seen.delete(-1);
    const held = [...seen].map((number) => words[number]!);
    for (const stem of new Set(held.flatMap(({ stem, capital }) => (capital ? [] : [stem]))))
      stems.set(stem, (stems.get(stem) ?? 0) + 1);
    for (const [capital, stem] of new Map(held.map(({ stem, capital }) => [capital, stem]))) {
      if (capital === null) continue;
      const before = capitals.get(capital);
      if (before) before.papers++;
      else capitals.set(capital, { stem, papers: 1 });
    }
  }
  const chosen = new Set<string>();
  for (const [capital, { stem, papers }] of capitals) {
    const small = stems.get(stem) ?? 0;
    if (papers < LEAST_PAPERS || papers < LEAST_CAPITAL_SHARE * small) {
      stems.set(stem, small + papers);
      continue;
    }
    chosen.add(capital);
    if (papers >= CAPITALS_RULE * small || small < LEAST_BESIDE_CAPITALS) stems.delete(stem);
  }
  for (const [stem, papers] of stems) if (papers >= LEAST_PAPERS && tells(stem)) chosen.add(stem);
  return chosen;
}

/** Stop words, numbers and single letters tell nothing alone. */
function tells(stem: string): boolean {
  return !STOPS.has(stem) && !/^(?:\p{N}+|[a-z])$/u.test(stem);
}

/** Finds runs of two and three units that stand together more often than by chance. */
function choosePhrases(corpus: Corpus, singles: Set<string>): string[] {
  const { names, ones, texts } = frequentUnits(corpus, singles);
  const size = names.length;
  const total = ones.reduce((sum, count) => sum + count, 0);
  const twos = countPairs(texts, size);
  const threes = countTriples(texts, size, twos);
  const information = (both: number, left: number, right: number) =>
    Math.log((both * total) / (left * right)) / Math.log(total / both);
  const begins = names.map((unit) => !TALK.has(unit) && !/^\p{N}+$/u.test(unit));
  const ends = names.map((unit) => !TALK.has(unit));
  const phrases: string[] = [];
  for (const [run, count] of twos) {
    const [one, two] = [Math.floor(run / size), run % size];
    if (!begins[one] || !ends[two]) continue;
    if (information(count, ones[one]!, ones[two]!) > LEAST_INFORMATION) phrases.push(`${names[one]!} ${names[two]!}`);
  }
  for (const [run, count] of threes) {
    const [front, three] = [Math.floor(run / size), run % size];
    const [one, two] = [Math.floor(front / size), front % size];
    if (!begins[one] || !ends[three]) continue;
    const lesser = Math.min(
      information(count, twos.get(front)!, ones[three]!),
      information(count, ones[one]!, twos.get(two * size + three)!),
    );
    const least = STOPS.has(names[two]!) ? LEAST_INFORMATION_AROUND_STOP_WORD : LEAST_INFORMATION;
    if (lesser > least) phrases.push(`${names[one]!} ${names[two]!} ${names[three]!}`);
  }
  return phrases;
}

/** Texts as numbers of those units that stand there often enough for a phrase; -1 parts what is not joined. */
function frequentUnits({ words, titles, abstracts }: Corpus, singles: Set<string>) {
  const units = words.map((word) => unitOf(word, singles));
  const counts = new Map<string, number>();
  const all = [...titles, ...abstracts];
  for (const text of all)
    for (const word of text) if (word >= 0) counts.set(units[word]!, (counts.get(units[word]!) ?? 0) + 1);
  const names = [...counts].flatMap(([unit, count]) => (count >= LEAST_TIMES ? [unit] : []));
  const numbers = new Map(names.map((unit, number) => [unit, number]));
  const ofWord = units.map((unit) => numbers.get(unit) ?? -1);
  const texts = all.map((text) => text.map((word) => (word < 0 ? -1 : ofWord[word]!)));
  return { names, ones: names.map((unit) => counts.get(unit)!), texts };
}

function countPairs(texts: readonly Int32Array[], size: number): Map<number, number> {
  const counts = new Map<number, number>();
  for (const text of texts) {
    let last = -1;
    for (const unit of text) {
      if (unit >= 0 && last >= 0) counts.set(last * size + unit, (counts.get(last * size + unit) ?? 0) + 1);
      last = unit;
    }
  }
  return new Map([...counts].filter(([, count]) => count >= LEAST_TIMES));
}

/** A run of three is counted only where both its pairs are frequent. */
function countTriples(texts: readonly Int32Array[], size: number, pairs: ReadonlyMap<number, number>) {
  const counts = new Map<number, number>();
  for (const text of texts) {
    let [last, pair] = [-1, -1];
    for (const unit of text) {
      const next = unit >= 0 && last >= 0 && pairs.has(last * size + unit) ? last * size + unit : -1;
      if (next >= 0 && pair >= 0) counts.set(pair * size + unit, (counts.get(pair * size + unit) ?? 0) + 1);
      [last, pair] = [unit, next];
    }
  }
  return new Map([...counts].filter(([, count]) => count >= LEAST_TIMES));
}
