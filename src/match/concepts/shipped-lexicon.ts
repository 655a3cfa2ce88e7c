import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { deserialize, serialize } from 'node:v8';
import { atOnce, type Steps } from '../../lib/slices.ts';
import type { Equivalents } from '../equivalents.ts';
import { readOwnEquivalents } from '../own-equivalents.ts';
import type { ConceptTexts } from './concept-texts.ts';
import { openLexicon, type Lexicon } from './lexicon.ts';
import { readOwnSteps, readOwnTexts } from './own-concepts.ts';
import { packLexicon, type PackedLexicon } from './pack-lexicon.ts';

/** Lies beside the compiled module alone: run from its sources, the program packs by the rules they have. */
const FILE = fileURLToPath(new URL('shipped-lexicon.bin', import.meta.url));

/** The lexicon as it was packed, and what of. */
interface Shipped {
  of: string;
  packed: PackedLexicon;
}

/** Opens the shipped concepts, as the build packed them where it did so from the same files; else packs them now. */
export function* openShippedLexicon(acronyms: Equivalents, file = FILE, texts = readOwnTexts()): Steps<Lexicon> {
  yield;
  const shipped = read(file);
  const packed = shipped?.of === hashOf(texts, acronyms) ? shipped.packed : yield* pack(texts, acronyms);
  yield;
  return openLexicon(packed, texts, acronyms);
}

/** Reads what a build has left; undefined where it has left nothing, or what cannot be read. */
function read(file: string): Shipped | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return deserialize(readFileSync(file)) as Shipped;
  } catch {
    return undefined;
  }
}

/** Writes the packed lexicon beside the compiled module; the last step of `npm run compile`. */
export function writeShippedLexicon(file = FILE, texts = readOwnTexts()): void {
  const acronyms = readOwnEquivalents();
  const shipped: Shipped = { of: hashOf(texts, acronyms), packed: atOnce(pack(texts, acronyms)) };
  writeFileSync(file, serialize(shipped));
}

function* pack(texts: ConceptTexts, acronyms: Equivalents): Steps<PackedLexicon> {
  return yield* packLexicon(yield* readOwnSteps(texts), acronyms);
}

/** Somebody who changes the files beside a build gets what they say. */
function hashOf({ bytes }: ConceptTexts, acronyms: Equivalents): string {
  return createHash('sha256')
    .update(bytes)
    .update(JSON.stringify([...acronyms]))
    .digest('hex');
}
