/**
 * Matching for 1,000,000 readers with 5 interests each (Zipf over 5,000 distinct phrases) and 50 papers: each distinct
 * interest is matched once, then `createChooser().choose` (what `plan` calls) fans out to readers. Beside it, on the
 * same input: naive scanning on a sample, MiniSearch once per interest, and PostgreSQL's full text where one answers.
 * Matching does not know of readers, so twice the readers cost twice the fan-out and nothing else. Exits 1 where the
 * target is missed.
 */
import { performance } from 'node:perf_hooks';
import MiniSearch from 'minisearch';
import pg from 'pg';
import { readOwnSet } from '../src/match/eval/set.ts';
import { loadKnowledge } from '../src/match/knowledge.ts';
import { createMatcher } from '../src/match/matcher.ts';
import { STORED_FROM } from '../src/model/match.ts';
import type { PaperText } from '../src/model/paper.ts';
import { createChooser, type Candidate } from '../src/plan/choose-papers.ts';
import type { PostedMatch } from '../src/plan/postings.ts';
import { hearResults } from './results.ts';

const results = hearResults('bench:match');
const PAPERS = 50;
const PHRASES = 5_000;
const READERS = 1_000_000;
const EACH = 5;
const SAMPLE = 300;
/**
 * The best of so many runs counts, each with a new matcher: machines are shared, and the first runs go into compiling
 * the code.
 */
const ROUNDS = 5;
const TARGET_SECONDS = 2;
const TARGET_MEGABYTES = 250;

const papers = (await readOwnSet()).papers.slice(0, PAPERS);
const resources = { knowledge: loadKnowledge() };
const phrases = makePhrases(2 * PHRASES);
print('papers', `${papers.length}, phrases ${PHRASES}, readers ${READERS.toLocaleString('en')} × ${EACH} interests`);

const first = timed(() => matchAll(phrases.slice(0, PHRASES)));
const matched = best(() => matchAll(phrases.slice(0, PHRASES)));
const doubled = best(() => matchAll(phrases));
const mini = best(() => miniSearch(phrases.slice(0, PHRASES)));
print(
  'each distinct interest once',
  `${seconds(matched)}, ${matched.value.length} matches with reasons (${seconds(first)} in a process just started)`,
);
print('… twice the interests', `${seconds(doubled)} (× ${ratio(doubled, matched)})`);
const byId = readersOf(READERS, PHRASES); // loading: what the database would hand over
const byIdTwice = readersOf(2 * READERS, PHRASES);
const byIdWider = readersOf(READERS, 2 * PHRASES);
const once = best(() => fanOut(byId, matched.value));
const twice = best(() => fanOut(byIdTwice, matched.value));
const wider = best(() => fanOut(byIdWider, doubled.value));
print('fan-out to all readers', `${seconds(once)}, ${once.value.served} get papers, ${once.value.papers} in all`);
print('… twice the readers', `${seconds(twice)} (× ${ratio(twice, once)})`);
print('… twice the interests', `${seconds(wider)} (× ${ratio(wider, once)})`);

const sum = matched.cpuSeconds + once.cpuSeconds;
const megabytes = once.value.megabytes;
print(
  'sum',
  `${sum.toFixed(2)} s CPU (${(first.cpuSeconds + once.cpuSeconds).toFixed(2)} in a process just started), ${megabytes.toFixed(0)} MB with the readers' interests`,
);
const naive = naiveSeconds();
print('naive scanning', `${naive.toFixed(0)} s for all, from ${SAMPLE} readers: × ${(naive / sum).toFixed(0)} of ours`);
print(
  'MiniSearch once per interest',
  `${seconds(mini)}, words only: no phrases, no reasons, nothing related; ours takes × ${ratio(matched, mini)}`,
);
const postgres = await postgresSeconds();
print(
  'PostgreSQL phraseto_tsquery',
  postgres === null ? 'no server answers, not measured' : `${postgres.toFixed(2)} s`,
);
const met = [
  verdict(`sum ≤ ${TARGET_SECONDS} s CPU`, sum <= TARGET_SECONDS),
  verdict(`≤ ${TARGET_MEGABYTES} MB`, megabytes <= TARGET_MEGABYTES),
];
process.exitCode = met.every(Boolean) ? 0 : 1;
await results.finish();

/** Half from the papers themselves, so that they hit; half from words that are known but stand nowhere together. */
function makePhrases(count: number): string[] {
  const found = new Set<string>();
  const words = papers.flatMap(({ title, abstract }) => `${title} ${abstract}`.toLowerCase().match(/[a-z]{4,}/g) ?? []);
  for (let at = 0; found.size < count / 2; at = (at + 7) % (3 * words.length)) {
    found.add(words.slice(at % words.length, (at % words.length) + 1 + Math.floor(at / words.length)).join(' '));
    if (at === 0 && found.size > 1) break;
  }
  const { units } = resources.knowledge.vectors;
  const plain = [...units].filter((stem) => /^[a-z]{4,}$/.test(stem));
  for (let at = 0; found.size < count; at++)
    found.add(`${plain[(at * 31) % plain.length]} ${plain[(at * 97 + 13) % plain.length]}`);
  return shuffled([...found]).slice(0, count);
}

function matchAll(texts: string[]): PostedMatch[] {
  const matcher = createMatcher(papers, resources);
  const posted: PostedMatch[] = [];
  for (const [at, text] of texts.entries()) {
    for (const match of matcher.match({ id: at + 1, kind: 'words', text }, { minScore: STORED_FROM })) {
      const literal = match.reasons.some(({ kind }) => kind !== 'words' && kind !== 'related');
      posted.push({
        id: posted.length + 1,
        interestId: at + 1,
        paperId: papers.indexOf(match.paper) + 1,
        score: match.score,
        literal,
      });
    }
  }
  return posted;
}

function readersOf(readers: number, phraseCount: number): Int32Array {
  return zipf(readers * EACH, phraseCount);
}

/** Chooses for every reader, EACH interests a reader. */
function fanOut(interests: Int32Array, matches: PostedMatch[]) {
  const before = memory();
  const chooser = createChooser(candidates(), matches, '2025-12-31');
  let served = 0;
  let papersSent = 0;
  for (let from = 0; from < interests.length; from += EACH) {
    const choice = chooser.choose({
      interests: interests.subarray(from, from + EACH),
      maxPapers: 10,
      selectivity: 'normal',
      shown: [],
      lastNewsletterMs: null,
    });
    if (!choice) continue;
    served++;
    papersSent += choice.count;
  }
  return { served, papers: papersSent, megabytes: Math.max(0, memory() - before) + interests.byteLength / 1e6 };
}

function candidates(): Candidate[] {
  return papers.map(({ title, abstract }, at) => ({
    title,
    abstract,
    entryId: at + 1,
    paperId: at + 1,
    source: 'hf',
    digestOn: '2025-12-31',
    position: at + 1,
    upvotes: 50 - at,
    comments: at % 7,
    arrivedAt: new Date('2025-12-31T06:00:00Z'),
  }));
}

/** Interest ids 1 … n, the k-th as often as 1/k (exponent 1), the same in every run. */
function zipf(count: number, n: number): Int32Array {
  const sums = new Float64Array(n);
  for (let at = 0, sum = 0; at < n; at++) sums[at] = sum += 1 / (at + 1);
  const total = sums[n - 1] ?? 1;
  const random = randomNumbers(7);
  return Int32Array.from({ length: count }, () => {
    const wanted = random() * total;
    let low = 0;
    for (let high = n - 1; low < high;) {
      const middle = (low + high) >> 1;
      if ((sums[middle] ?? 0) < wanted) low = middle + 1;
      else high = middle;
    }
    return low + 1;
  });
}

/** The obvious way: each reader's phrases sought in each paper. */
function naiveSeconds(): number {
  const texts = papers.map(({ title, abstract }) => `${title}\n${abstract}`.toLowerCase());
  const interests = zipf(SAMPLE * EACH, PHRASES);
  let hits = 0;
  const { cpuSeconds } = timed(() => {
    for (const interest of interests)
      for (const text of texts) if (text.includes(phrases[interest - 1] ?? '\0')) hits++;
    return hits;
  });
  return (cpuSeconds * READERS) / SAMPLE;
}

function miniSearch(texts: string[]): number[] {
  const engine = new MiniSearch<PaperText>({ fields: ['title', 'abstract'] });
  engine.addAll(papers);
  return texts.map((phrase) => engine.search(phrase, { combineWith: 'AND' }).length);
}

async function postgresSeconds(): Promise<number | null> {
  const url = process.env['TEST_DATABASE_URL'] ?? 'postgresql://postgres@127.0.0.1:5432/postgres';
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  try {
    await client.connect();
  } catch {
    return null;
  }
  await client.query('CREATE TEMP TABLE p AS SELECT to_tsvector($$english$$, t) AS v FROM unnest($1::text[]) AS t', [
    papers.map(({ title, abstract }) => `${title} ${abstract}`),
  ]);
  const from = performance.now();
  await client.query('SELECT count(*) FROM unnest($1::text[]) AS q JOIN p ON p.v @@ phraseto_tsquery($$english$$, q)', [
    phrases.slice(0, PHRASES),
  ]);
  const seconds = (performance.now() - from) / 1000;
  await client.end();
  return seconds;
}

interface Timed<T> {
  value: T;
  cpuSeconds: number;
}

function timed<T>(work: () => T): Timed<T> {
  const from = process.cpuUsage();
  const value = work();
  const { user, system } = process.cpuUsage(from);
  return { value, cpuSeconds: (user + system) / 1e6 };
}

function best<T>(work: () => T, rounds = ROUNDS): Timed<T> {
  const all = Array.from({ length: rounds }, () => timed(work));
  return all.reduce((one, other) => (other.cpuSeconds < one.cpuSeconds ? other : one));
}

function seconds({ cpuSeconds }: Timed<unknown>): string {
  return `${cpuSeconds.toFixed(2)} s CPU`;
}

function ratio(one: Timed<unknown>, other: Timed<unknown>): string {
  return (one.cpuSeconds / other.cpuSeconds).toFixed(2);
}

function memory(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return (heapUsed + arrayBuffers) / 1e6;
}

function shuffled<T>(items: T[]): T[] {
  const random = randomNumbers(3);
  for (let at = items.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1));
    [items[at], items[other]] = [items[other]!, items[at]!];
  }
  return items;
}

function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

function verdict(target: string, met: boolean): boolean {
  print('target', `${target}: ${met ? 'met' : 'MISSED'}`);
  return met;
}

function print(what: string, figure: string): void {
  process.stdout.write(`${what.padEnd(32)}${figure}\n`);
}
