/**
 * Counts how many titles name each concept, for seeds/concept-rates.json, and collects the acronyms that papers define,
 * for seeds/acronyms.json: `tsx bench/count-corpus.ts PAPERS.jsonl…`, each line {"title","abstract"}; a file whose name
 * ends in .gz is unpacked.
 */
import { createReadStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { PACKAGE_ROOT } from '../src/config.ts';
import { findTerms } from '../src/match/concepts/find-terms.ts';
import { atOnce } from '../src/lib/slices.ts';
import { layOutLexicon } from '../src/match/concepts/lexicon.ts';
import { readOwnConcepts } from '../src/match/concepts/own-concepts.ts';
import { definedAcronyms } from '../src/match/equivalents.ts';
import { readPaper } from '../src/match/paper-index.ts';

/** An acronym is kept where so many papers define it, and more than this share of them in the same way. */
const LEAST = 5;
const SHARE = 0.8;

const files = process.argv.slice(2);
if (files.length === 0) throw new Error('usage: tsx bench/count-corpus.ts PAPERS.jsonl…');

const lexicon = atOnce(layOutLexicon(readOwnConcepts(), new Map()));
const counts = new Uint32Array(lexicon.concepts.length);
let titles = 0;
const defining: string[] = [];
for (const file of files) {
  const stream = createReadStream(file);
  const input = file.endsWith('.gz') ? stream.pipe(createGunzip()) : stream;
  for await (const line of createInterface({ input })) {
    if (line.trim() === '') continue;
    const { title, abstract } = JSON.parse(line) as { title: string; abstract?: string };
    count(title);
    if (abstract?.includes('(')) defining.push(abstract);
    if (++titles % 10_000 === 0) process.stderr.write(`${titles} titles\n`);
  }
}
const concepts = Object.fromEntries([...lexicon.concepts].map(({ name }, at) => [name, counts[at]]));
const out = join(PACKAGE_ROOT, 'seeds', 'concept-rates.json');
await writeFile(out, `${JSON.stringify({ titles, concepts })}\n`);
const acronyms = Object.fromEntries([...definedAcronyms(defining, LEAST, SHARE)].sort(([a], [b]) => (a < b ? -1 : 1)));
await writeFile(join(PACKAGE_ROOT, 'seeds', 'acronyms.json'), `${JSON.stringify(acronyms, null, 0)}\n`);
process.stdout.write(`${Object.keys(acronyms).length} acronyms\n`);
process.stdout.write(`${lexicon.concepts.length} concepts in ${titles} titles, in ${out}\n`);

function count(title: string): void {
  const paper = readPaper({ id: '', title, abstract: '', authors: null, organization: null });
  const named = new Set<number>();
  for (const term of findTerms(lexicon, paper).keys())
    for (const concept of lexicon.conceptsOf(term)) for (const above of lexicon.upwards(concept)) named.add(above);
  for (const concept of named) counts[concept]!++;
}
