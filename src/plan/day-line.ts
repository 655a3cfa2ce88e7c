import type { DayLine } from '../model/newsletter.ts';
import type { DayFacts, InterestFact } from './day-facts.ts';

/** For whom a sentence is chosen. */
export interface LineReader {
  /** Ids of wanted interests; negative ids are muted ones. */
  interests: ArrayLike<number>;
  /** Instant of the reader's last newsletter in milliseconds; null where there was none. */
  lastNewsletterMs: number | null;
  /** The sentence of the last newsletter; null where it had none. */
  last: DayLine | null;
  /** Tells whether a paper may be named to this reader: it was neither muted nor shown before. */
  mayName: (paperId: number) => boolean;
}

const AGAIN = '.again';

/**
 * Chooses the sentence of the day for a reader: the most surprising fact of what they asked for, else of the list as a
 * whole; null where there is none, or none that they have not heard. Never what the last newsletter told, and never in
 * its words: a fact of the same kind is put in the other ones.
 */
export function chooseDayLine(facts: DayFacts, reader: LineReader): DayLine | null {
  if (reader.lastNewsletterMs !== null && facts.newestMs <= reader.lastNewsletterMs) return null;
  const own = ownFacts(facts, reader.interests);
  for (const fact of own) {
    if (tellsOf(reader.last, fact.kind, fact.interestId)) continue;
    return inOtherWords(lineOf(fact, own), reader.last);
  }
  const named = facts.list.find(
    (fact) => fact.paperIds.some(reader.mayName) && !tellsOf(reader.last, fact.kind, subjectOf(fact.params)),
  );
  return named ? inOtherWords({ kind: named.kind, params: named.params }, reader.last) : null;
}

function ownFacts({ interests: facts }: DayFacts, interests: ArrayLike<number>): InterestFact[] {
  if (facts.size === 0) return [];
  const own: InterestFact[] = [];
  for (let i = 0; i < interests.length; i++) {
    const fact = facts.get(interests[i] ?? 0); // a muted one's id is negative, and has no fact
    if (fact) own.push(fact);
  }
  return own.sort((a, b) => a.chance - b.chance || a.interestId - b.interestId);
}

/** A surge also says what of the reader's was silent meanwhile. */
function lineOf({ kind, interestId, params }: InterestFact, own: readonly InterestFact[]): DayLine {
  const silent = kind === 'surge' ? own.find((other) => other.kind === 'quiet') : undefined;
  if (!silent) return { kind, params, interestId };
  const { topic = '', about = '' } = silent.params;
  return { kind: 'surge-quiet', params: { ...params, quiet: topic, quietAbout: about }, interestId };
}

function subjectOf({ organization, title }: Record<string, string | number>): string | number | undefined {
  return organization ?? title;
}

/** The kind without its wording: what is everywhere stays everywhere, whatever is silent beside it. */
function familyOf(kind: string): string {
  const plain = kind.endsWith(AGAIN) ? kind.slice(0, -AGAIN.length) : kind;
  return plain === 'surge-quiet' ? 'surge' : plain;
}

function tellsOf(last: DayLine | null, kind: string, subject: string | number | undefined): boolean {
  if (!last || familyOf(last.kind) !== familyOf(kind)) return false;
  return (last.interestId ?? subjectOf(last.params)) === subject;
}

function inOtherWords(line: DayLine, last: DayLine | null): DayLine {
  if (!last || familyOf(last.kind) !== familyOf(line.kind) || last.kind.endsWith(AGAIN)) return line;
  return { ...line, kind: `${line.kind}${AGAIN}` as DayLine['kind'] };
}
