/** What two papers are held against each other by. */
export interface TwinText {
  title: string;
  abstract: string;
}

/**
 * Abstracts that share so much of their runs of words are versions of one text (resemblance: Broder, On the resemblance
 * and containment of documents, 1997).
 */
const SAME_ABSTRACT = 0.4;
const RUN = 3;
/** Titles that share so many of their words name the same. */
const SAME_TITLE = 0.8;
/** Fewer runs, or words of a title, than this prove nothing. */
const LEAST_RUNS = 12;
const LEAST_WORDS = 5;
/** What stands in more papers than this is a turn of phrase. */
const MOST_OWNERS = 20;

/** Finds the near-duplicates of each paper, as indexes; none has itself. Time grows with the text. */
export function findTwins(texts: readonly TwinText[]): readonly (readonly number[])[] {
  const twins = texts.map(() => new Set<number>());
  join(
    twins,
    texts.map(({ abstract }) => runsOf(wordsOf(abstract))),
    { share: SAME_ABSTRACT, least: LEAST_RUNS },
  );
  join(
    twins,
    texts.map(({ title }) => new Set(wordsOf(title))),
    { share: SAME_TITLE, least: LEAST_WORDS },
  );
  return twins.map((found) => [...found].sort((a, b) => a - b));
}

/**
 * Joins those whose sets have at least `share` of their union in common; a pair is looked at where it shares something
 * that is not common to many.
 */
function join(
  twins: Set<number>[],
  sets: readonly ReadonlySet<string>[],
  { share, least }: { share: number; least: number },
): void {
  const owners = new Map<string, number[]>();
  for (const [index, set] of sets.entries()) {
    if (set.size < least) continue;
    const near = new Set<number>();
    for (const item of set) {
      const before = owners.get(item) ?? [];
      owners.set(item, before);
      if (before.length < MOST_OWNERS) for (const other of before) near.add(other);
      before.push(index);
    }
    for (const other of near) {
      if (resemblance(set, sets[other] ?? new Set()) < share) continue;
      twins[index]?.add(other);
      twins[other]?.add(index);
    }
  }
}

function resemblance(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  let both = 0;
  for (const item of one) if (other.has(item)) both++;
  return both / (one.size + other.size - both);
}

function wordsOf(text: string): string[] {
  return (
    text
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  );
}

function runsOf(words: readonly string[]): Set<string> {
  return new Set(words.slice(RUN - 1).map((_, at) => words.slice(at, at + RUN).join(' ')));
}
