/**
 * Counts how many titles name each concept, for seeds/concept-rates.json: `tsx bench/count-corpus.ts PAPERS.jsonl…`,
 * each line {"title"}; a file whose name ends in .gz is unpacked. Numbers alone are kept.
 */
import { createReadStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { PACKAGE_ROOT } from '../src/config.ts';
import { findTerms } from '../src/match/concepts/find-terms.ts';
import { openLexicon } from '../src/match/concepts/lexicon.ts';
import { readOwnConcepts } from '../src/match/concepts/own-concepts.ts';
import { readPaper } from '../src/match/paper-index.ts';

const files = process.argv.slice(2);
if (files.length === 0) throw new Error('usage: tsx bench/count-corpus.ts PAPERS.jsonl…');

const lexicon = openLexicon(readOwnConcepts(), new Map());
const counts = new Uint32Array(lexicon.concepts.length);
let titles = 0;
for (const file of files) {
  const stream = createReadStream(file);
  const input = file.endsWith('.gz') ? stream.pipe(createGunzip()) : stream;
  for await (const line of createInterface({ input })) {
    if (line.trim() === '') continue;
    count((JSON.parse(line) as { title: string }).title);
    if (++titles % 10_000 === 0) process.stderr.write(`${titles} titles\n`);
  }
}
const concepts = Object.fromEntries(lexicon.concepts.map(({ name }, at) => [name, counts[at]]));
const out = join(PACKAGE_ROOT, 'seeds', 'concept-rates.json');
await writeFile(out, `${JSON.stringify({ titles, concepts })}\n`);
process.stdout.write(`${lexicon.concepts.length} concepts in ${titles} titles, in ${out}\n`);

function count(title: string): void {
  const paper = readPaper({ id: '', title, abstract: '', authors: null, organization: null });
  const named = new Set<number>();
  for (const term of findTerms(lexicon, paper).keys())
    for (const concept of lexicon.conceptsOf[term] ?? [])
      for (const above of lexicon.upwards[concept] ?? []) named.add(above);
  for (const concept of named) counts[concept]!++;
}
