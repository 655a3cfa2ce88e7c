import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseCapture } from '../../src/ingest/parse-capture.ts';
import { readDecisions } from '../../src/match/eval/decisions.ts';
import { seededRandom } from '../../src/match/eval/metrics.ts';
import { loadKnowledge } from '../../src/match/knowledge.ts';
import { createMatcher } from '../../src/match/matcher.ts';
import { readQuery, wholeForms } from '../../src/match/query.ts';
import { MAX_REASONS } from '../../src/match/reasons.ts';
import { isTalk } from '../../src/match/talk.ts';
import { stemOf, stemsOf, tokenize } from '../../src/match/tokens.ts';
import { countUnits } from '../../src/match/units.ts';
import { learnAcronyms } from '../../src/match/equivalents.ts';
import { LINES, type Reason } from '../../src/model/match.ts';
import type { PaperText } from '../../src/model/paper.ts';
import { STOP_WORDS } from '../../src/model/stop-words.ts';
import { sharedPath } from '../support/shared.ts';
import { OWN_DIGESTS } from '../world/digest-files.ts';
import { TOPICS } from '../world/matchers.ts';
import { paper } from '../world/papers.ts';

/**
 * Every reason of every judged day is held against what a reader accepts, by other means than those that made it: it
 * stands there letter by letter, and is the reader's own words, a term of the concept, or a unit of the vocabulary.
 */
const knowledge = loadKnowledge();
const { lexicon, vectors, equivalents } = knowledge;

/** Terms of a concept and of all it contains, by stems. */
const termsBelow = new Map<string, Set<string>>();
for (let term = 0; term < lexicon.terms.length; term++)
  for (const own of lexicon.conceptsOf(term))
    for (const above of lexicon.upwards(own)) {
      const name = lexicon.concepts.name(above);
      const { key } = lexicon.terms.at(term)!;
      termsBelow.set(name, (termsBelow.get(name) ?? new Set()).add(key));
    }

const bare = (text: string) => text.replace(/\s+/g, ' ');
const kinOf = (word: string) => stemOf(word.toLowerCase()).slice(0, 6);

/** What is wrong with a reason, in words; nothing where a reader accepts it. */
function faultsOf({ kind, text, where, of }: Reason, paper: PaperText, own: ReadonlySet<string>, asked = ''): string[] {
  const faults: string[] = [];
  const place = where === 'title' || where === 'abstract' ? bare(paper[where]) : '';
  const parts = kind === 'words' ? text.split(', ') : [text];
  const standing = kind === 'words' ? place.toLowerCase() : place;
  for (const word of parts) {
    const part = kind === 'words' ? word.toLowerCase() : word;
    const at = standing.indexOf(part);
    if (at < 0) faults.push(`«${part}» stands nowhere in the ${where}`);
    else if (
      /[\p{L}\p{N}]$/u.test(standing.slice(0, at)) &&
      standing.split(part).every((end) => /[\p{L}\p{N}]$/u.test(end))
    )
      faults.push(`«${part}» is a piece of a word`);
    const words = word.match(/[\p{L}\p{N}+#]+/gu) ?? [];
    const tells = words.some(
      (word) => isAcronym(word) || !(STOP_WORDS.has(word.toLowerCase()) || /^(?:\p{L}|\p{N}+)$/u.test(word)),
    );
    if (!tells) faults.push(`«${part}» says nothing`);
    if (/[:;.!?]\s/.test(part) && !isInitial(part) && !asked.includes(part.toLowerCase()))
      faults.push(`«${part}» reaches over the end of a clause`);
  }
  const stems = stemsOf(text);
  if (kind === 'concept' && !termsBelow.get(of ?? '')?.has(stems.join(' ')))
    faults.push(`«${text}» is no term of «${of}»`);
  if (kind === 'phrase' || kind === 'title' || kind === 'words')
    for (const { stem, capital, part } of tokenize(text))
      if (!(part && own.has(part)) && !own.has(stem) && !(capital && own.has(capital)) && !STOP_WORDS.has(stem))
        faults.push(`«${stem}» is not what the reader asked for`);
  if (kind === 'related' && !isAkin(stems, own) && !isUnit(text)) faults.push(`«${text}» is no unit of the vocabulary`);
  if (!['concept', 'phrase', 'title', 'words', 'related'].includes(kind)) faults.push(`a reason of kind ${kind}`);
  return faults;
}

const isInitial = (text: string) => /\b(?:\p{Lu}|e\.g|et al|vs)\.\s/u.test(text);
const isAcronym = (word: string) => /\p{Lu}.*\p{Lu}/u.test(word);
const isAkin = (stems: readonly string[], own: ReadonlySet<string>) => stems.every((stem) => own.has(stem));

/** A phrase or an acronym that has a vector, and begins and ends with no word of talk. */
function isUnit(text: string): boolean {
  const stems = stemsOf(text);
  const rows = [...countUnits(text, vectors.table).keys()].map((row) => vectors.units.at(row) ?? '');
  const whole = rows.some((unit) => unit.startsWith('=') || unit.split(' ').length === stems.length);
  return whole && (isAcronym(text) || (stems.length > 1 && !isTalk(stems[0]!) && !isTalk(stems.at(-1)!)));
}

/** Says the same twice: all words of one are those of the other, or near kin of them. */
function repeats(one: string, other: string): boolean {
  const words = (text: string) =>
    (text.match(/[\p{L}\p{N}]+/gu) ?? []).filter((word) => !STOP_WORDS.has(word.toLowerCase())).map(kinOf);
  const holds = (all: string[], some: string[]) => some.every((word) => all.includes(word));
  return holds(words(one), words(other)) || holds(words(other), words(one));
}

/** All words that an interest may stand for: its own, and those of its acronyms, long forms and twins. */
function wordsFor(text: string, papers: readonly PaperText[]): Set<string> {
  const learned = learnAcronyms(papers.map(({ title, abstract }) => `${title}. ${abstract}`));
  const { facets } = readQuery(text, [equivalents, learned]);
  const closed = facets.flatMap(({ stems }) => stems.flatMap((stem, at) => [stem, stem + (stems[at + 1] ?? '')]));
  return new Set([...facets.flatMap(wholeForms).flatMap(({ stems }) => stems), ...closed]);
}

interface Truth {
  digests: { entries: { n: number; title: string; abstract: string }[] }[];
}

/** The judged days with the interests judged, and the two seeds. */
async function realDays(): Promise<{ papers: PaperText[]; interests: string[] }[]> {
  const judged = sharedPath('data', 'matching', 'decision.dev.jsonl');
  const seeds = sharedPath('seeds', 'seeds-truth.json');
  const days = judged ? [await readDecisions(judged)] : [];
  const interests = days.flatMap((set) => set.interests.map(({ text }) => text));
  const digests = seeds ? (JSON.parse(readFileSync(seeds, 'utf8')) as Truth).digests : [];
  return [
    ...days.map(({ papers }) => ({ papers, interests })),
    ...digests.map(({ entries }) => ({
      papers: entries.map(({ n, title, abstract }) => paper(`s${n}`, title, abstract)),
      interests,
    })),
  ];
}

/** Names of the lexicon, and runs of words from titles, as somebody might paste them. */
function anyInterests(papers: readonly PaperText[]): string[] {
  const random = seededRandom(11);
  const names = Array.from({ length: 200 }, () =>
    lexicon.concepts.name(Math.floor(random() * lexicon.concepts.length)),
  );
  const runs = papers.map(({ title }) => {
    const words = title.split(/\s+/);
    const from = Math.floor(random() * Math.max(1, words.length - 2));
    return words.slice(from, from + 1 + Math.floor(random() * 4)).join(' ');
  });
  return [...names, ...runs];
}

const days = await realDays();

test.skipIf(days.length === 0)(
  'every reason of every real day is one that a reader accepts',
  { timeout: 300_000 },
  () => {
    const faults = new Set<string>();
    let seen = 0;
    for (const { papers, interests } of days) {
      const matcher = createMatcher(papers, { knowledge });
      for (const text of [...interests, ...anyInterests(papers)]) {
        const own = wordsFor(text, papers);
        for (const { paper: found, reasons } of matcher.match(
          { id: 1, kind: 'words', text },
          { minScore: LINES.more },
        )) {
          seen++;
          const add = (fault: string) => faults.add(`${text}: ${fault} («${found.title}»)`);
          if (reasons.length === 0 || reasons.length > MAX_REASONS) add(`${reasons.length} reasons`);
          for (const reason of reasons)
            for (const fault of faultsOf(reason, found, own, text.toLowerCase())) add(fault);
          const [one, other] = reasons;
          if (one && other && one.kind !== 'words' && repeats(one.text, other.text))
            add(`${one.text} · ${other.text} repeat`);
        }
      }
    }
    expect(seen).toBeGreaterThan(500);
    expect([...faults]).toEqual([]);
  },
);

const samples = OWN_DIGESTS.files.map((name) =>
  parseCapture(readFileSync(name), { name, fetchedAt: new Date('2026-11-22T12:00:00Z') }).entries.map((entry) =>
    paper(`${name} ${entry.position}`, entry.title, entry.abstract),
  ),
);

test.each([
  ['samples', samples],
  ['real days', days.map(({ papers }) => papers)],
])('when topics are matched on the %s, then no reason reaches over the end of a clause', (_, lists) => {
  const faults = new Set<string>();
  for (const papers of lists) {
    const matcher = createMatcher(papers, { knowledge });
    for (const { slug } of TOPICS)
      for (const { paper: found, reasons } of matcher.match({ id: 1, kind: 'topic', text: slug }, { minScore: 0.3 }))
        for (const { text } of reasons)
          if (/[:;.!?]\s/.test(text) && !isInitial(text)) faults.add(`${slug}: ${text} («${found.title}»)`);
  }
  expect([...faults]).toEqual([]);
});
