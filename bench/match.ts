/**
 * Matching for 1,000,000 readers with 5 interests each (Zipf over 5,000 distinct phrases) and 50 papers: each distinct interest is
 * matched once, then `createChooser().choose` (what `plan` calls) fans out to readers. Beside it, on the same input: naive scanning
 * on a sample, MiniSearch once per interest, and PostgreSQL's full text where one answers. Then everything doubled.
 */
import { performance } from 'node:perf_hooks';
import MiniSearch from 'minisearch';
import pg from 'pg';
import { readOwnSet } from '../src/match/eval-set.ts';
import { loadKnowledge } from '../src/match/knowledge.ts';
import { createMatcher } from '../src/match/matcher.ts';
import { readTopicsFile } from '../src/match/profiles.ts';
import { MIN_MATCH_SCORE } from '../src/model/match.ts';
import type { PaperText } from '../src/model/paper.ts';
import { createChooser, type Candidate } from '../src/plan/choose-papers.ts';
import type { PostedMatch } from '../src/plan/postings.ts';

const PAPERS = 50;
const PHRASES = 5_000;
const READERS = 1_000_000;
const EACH = 5;
const SAMPLE = 300;
const TARGET_SECONDS = 1.5;
const TARGET_MEGABYTES = 200;

const papers = (await readOwnSet()).papers.slice(0, PAPERS);
const resources = { knowledge: loadKnowledge(), topics: await readTopicsFile() };
const phrases = makePhrases(2 * PHRASES);
print('papers', `${papers.length}, phrases ${PHRASES}, readers ${READERS.toLocaleString('en')} × ${EACH} interests`);

matchAll(phrases.slice(0, 50)); // warm up
const matched = timed(() => matchAll(phrases.slice(0, PHRASES)));
print('each distinct interest once', `${matched.cpuSeconds.toFixed(2)} s CPU, ${matched.value.length} matches`);
const doubled = timed(() => matchAll(phrases));
print(
  '… twice the interests',
  `${doubled.cpuSeconds.toFixed(2)} s CPU (× ${(doubled.cpuSeconds / matched.cpuSeconds).toFixed(2)})`,
);

const once = fanOut(READERS, PHRASES, matched.value);
const sum = matched.cpuSeconds + once.cpuSeconds;
print(
  'fan-out to all readers',
  `${once.cpuSeconds.toFixed(2)} s CPU, ${once.value.served} get papers, ${once.value.papers} in all, ${once.megabytes.toFixed(0)} MB`,
);
const twice = fanOut(2 * READERS, PHRASES, matched.value);
print(
  '… twice the readers',
  `${twice.cpuSeconds.toFixed(2)} s CPU (× ${(twice.cpuSeconds / once.cpuSeconds).toFixed(2)}), ${twice.megabytes.toFixed(0)} MB`,
);
const wider = fanOut(READERS, 2 * PHRASES, doubled.value);
print(
  '… twice the interests',
  `${wider.cpuSeconds.toFixed(2)} s CPU (× ${(wider.cpuSeconds / once.cpuSeconds).toFixed(2)})`,
);

const naive = naiveSeconds();
print(
  'naive scanning',
  `${naive.toFixed(0)} s for all, from ${SAMPLE} readers: × ${(naive / sum).toFixed(0)} of ours, fan-out and matching together`,
);
print(
  'MiniSearch once per interest',
  `${miniSearchSeconds().toFixed(2)} s CPU, words only: no phrases, no reasons, nothing related`,
);
const postgres = await postgresSeconds();
print(
  'PostgreSQL phraseto_tsquery',
  postgres === null ? 'no server answers, not measured' : `${postgres.toFixed(2)} s`,
);
print(
  'target',
  `fan-out ≤ ${TARGET_SECONDS} s CPU: ${verdict(once.cpuSeconds <= TARGET_SECONDS)} · ≤ ${TARGET_MEGABYTES} MB: ${verdict(once.megabytes <= TARGET_MEGABYTES)}`,
);

/** Half from the papers themselves, so that they hit; half from words that are known but stand nowhere together. */
function makePhrases(count: number): string[] {
  const found = new Set<string>();
  const words = papers.flatMap(({ title, abstract }) => `${title} ${abstract}`.toLowerCase().match(/[a-z]{4,}/g) ?? []);
  for (let at = 0; found.size < count / 2; at = (at + 7) % (3 * words.length)) {
    found.add(words.slice(at % words.length, (at % words.length) + 1 + Math.floor(at / words.length)).join(' '));
    if (at === 0 && found.size > 1) break;
  }
  const { stems } = resources.knowledge;
  const plain = stems.filter((stem) => /^[a-z]{4,}$/.test(stem));
  for (let at = 0; found.size < count; at++)
    found.add(`${plain[(at * 31) % plain.length]} ${plain[(at * 97 + 13) % plain.length]}`);
  return shuffled([...found]).slice(0, count);
}

function matchAll(texts: string[]): PostedMatch[] {
  const matcher = createMatcher(papers, resources);
  const posted: PostedMatch[] = [];
  for (const [at, text] of texts.entries()) {
    for (const match of matcher.match({ id: at + 1, kind: 'words', text }, { minScore: MIN_MATCH_SCORE })) {
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

function fanOut(readers: number, phraseCount: number, matches: PostedMatch[]) {
  const interests = zipf(readers * EACH, phraseCount); // loading: what the database would hand over
  const before = memory();
  const run = timed(() => {
    const chooser = createChooser(candidates(), matches, '2025-12-31');
    let served = 0;
    let papersSent = 0;
    for (let reader = 0; reader < readers; reader++) {
      const choice = chooser.choose({
        interests: interests.subarray(reader * EACH, (reader + 1) * EACH),
        maxPapers: 10,
        shown: [],
        lastNewsletterMs: null,
      });
      if (!choice) continue;
      served++;
      papersSent += choice.count;
    }
    return { served, papers: papersSent };
  });
  return { ...run, megabytes: memory() - before + interests.byteLength / 1e6 };
}

function candidates(): Candidate[] {
  return papers.map(({ title, abstract }, at) => ({
    title,
    abstract,
    entryId: at + 1,
    paperId: at + 1,
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

function miniSearchSeconds(): number {
  const engine = new MiniSearch<PaperText>({ fields: ['title', 'abstract'] });
  engine.addAll(papers);
  return timed(() => phrases.slice(0, PHRASES).map((phrase) => engine.search(phrase, { combineWith: 'AND' }).length))
    .cpuSeconds;
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

function timed<T>(work: () => T): { value: T; cpuSeconds: number } {
  const from = process.cpuUsage();
  const value = work();
  const { user, system } = process.cpuUsage(from);
  return { value, cpuSeconds: (user + system) / 1e6 };
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

function verdict(met: boolean): string {
  return met ? 'met' : 'MISSED';
}

function print(what: string, figure: string): void {
  process.stdout.write(`${what.padEnd(32)}${figure}\n`);
}
