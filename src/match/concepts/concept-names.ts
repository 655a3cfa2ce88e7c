import { openStrings, packStrings, stringAt, type PackedStrings } from '../../lib/string-table.ts';
import { NEGATING } from '../../model/negation.ts';
import { STOP_WORDS } from '../../model/stop-words.ts';
import { fold, tokenize, type Token } from '../tokens.ts';
import type { Steps } from '../../lib/slices.ts';
import type { Equivalents } from '../equivalents.ts';
import { SAME } from '../equivalents.ts';
import { parseWords } from '../../model/interest.ts';

/** What people write around a subject without meaning more by it. */
const FILLER: ReadonlySet<string> = new Set(
  (
    'paper papers article articles research work works method methods technique techniques approach approaches study studies topic ' +
    'topics field latest recent new advances progress related everything anything things stuff interested interest'
  ).split(' '),
);

/** Finds concepts by their names, in any order of words and through acronyms. */
export interface ConceptNames {
  /** Returns the place of the concept of that name; -1 where there is none. */
  find(name: string): number;
}

/** A name by which a concept is found, with the capitals in it by their word. */
interface Named {
  concept: number;
  capitals: ReadonlyMap<string, string>;
}

/** Names of concepts by which they are found: as they stand, and in any order of their words. */
export interface PackedNames {
  asWritten: PackedKeys;
  inAnyOrder: PackedKeys;
}

/** Keys of names with the place of each one's concept, and the capitals in it: stem and capital in turn. */
interface PackedKeys {
  keys: PackedStrings;
  concepts: Uint32Array;
  capitals: PackedStrings;
}

/**
 * Packs names; of two that are alike in other order of words, each is found as it stands, and the first otherwise.
 */
export function* packNames(names: readonly (readonly string[])[], acronyms: Equivalents): Steps<PackedNames> {
  const asWritten = new Map<string, Named>();
  const inAnyOrder = new Map<string, Named>();
  for (const [concept, each] of names.entries()) {
    if (concept % A_STEP === 0) yield;
    for (const name of each) {
      const tokens = tokenize(name);
      const named = { concept, capitals: capitalsOf(tokens) };
      keep(asWritten, writtenKey(tokens), named);
      keep(inAnyOrder, looseKey(name, tokens, acronyms), named);
    }
  }
  return { asWritten: packKeys(asWritten), inAnyOrder: packKeys(inAnyOrder) };
}

function packKeys(index: ReadonlyMap<string, Named>): PackedKeys {
  const named = [...index.values()];
  return {
    keys: packStrings([...index.keys()]),
    concepts: Uint32Array.from(named, ({ concept }) => concept),
    capitals: packStrings(named.map(({ capitals }) => [...capitals].flat().join(' '))),
  };
}

/** Opens packed names, to be asked with the acronyms they were packed with. */
export function openNames({ asWritten, inAnyOrder }: PackedNames, acronyms: Equivalents): ConceptNames {
  const [written, loose] = [openKeys(asWritten), openKeys(inAnyOrder)];
  return {
    find: (name) => {
      const tokens = tokenize(name);
      const found = written(writtenKey(tokens)) ?? loose(looseKey(name, tokens, acronyms));
      return found && isWrittenLike(capitalsOf(tokens), found.capitals) ? found.concept : -1;
    },
  };
}

function openKeys({ keys, concepts, capitals }: PackedKeys): (key: string) => Named | undefined {
  const table = openStrings(keys);
  return (key) => {
    const place = table.get(key);
    if (place === undefined) return undefined;
    const words = (stringAt(capitals, place) ?? '').split(' ');
    const pairs = words.flatMap((stem, at) =>
      at % 2 === 0 && stem !== '' ? [[stem, words[at + 1] ?? ''] as const] : [],
    );
    return { concept: concepts[place] ?? -1, capitals: new Map(pairs) };
  };
}

/** Concepts whose names are read in one step. */
const A_STEP = 50;

/** «GaN» asks for no «GAN»; «GAN», «Gan» and «gan» all do. */
function isWrittenLike(asked: ReadonlyMap<string, string>, named: ReadonlyMap<string, string>): boolean {
  return [...asked].every(([stem, capital]) => {
    const other = named.get(stem);
    return other === undefined || other === capital || capital === capital.toUpperCase();
  });
}

function capitalsOf(tokens: readonly Token[]): ReadonlyMap<string, string> {
  if (tokens.every(({ capital }) => capital === null)) return NONE;
  return new Map(tokens.flatMap(({ stem, capital }) => (capital === null ? [] : [[stem, capital] as const])));
}

const NONE: ReadonlyMap<string, string> = new Map();

/**
 * Returns the concepts that an interest in words names: as a whole, else by each of its sides where it says «and»,
 * «but», a comma or a bar. Nothing is guessed for what isn't there, or is negated.
 */
export function conceptsNamed(names: ConceptNames, text: string): number[] {
  const whole = conceptOf(names, text);
  if (whole >= 0) return [whole];
  const sides = wanted(text).flatMap((part) => part.split(/[,;|/&]|\b(?:and|or|but)\b/i));
  return [...new Set(sides.map((side) => names.find(side)).filter((concept) => concept >= 0))];
}

/** Returns the concept that an interest in words names as a whole; -1 where it names none so. */
export function conceptOf(names: ConceptNames, text: string): number {
  return names.find(wanted(text).join(' '));
}

/** What is asked for, without what is not wanted. */
function wanted(text: string): string[] {
  const { words, phrases } = parseWords(text);
  return [...phrases, words.join(' ')].filter((part) => part !== '');
}

function keep(index: Map<string, Named>, key: string, named: Named): void {
  if (key !== '' && !index.has(key)) index.set(key, named);
}

function writtenKey(tokens: readonly Token[]): string {
  return tokens.map(({ stem }) => stem).join(' ');
}

/** The words that tell a subject, each once, acronyms spelled out, sorted. */
function looseKey(name: string, tokens: readonly Token[], acronyms: Equivalents): string {
  const telling = tokens.flatMap(({ stem, start, end }) => {
    const word = fold(name.slice(start, end));
    return tellsNothing(word) || FILLER.has(word) ? [] : [stem];
  });
  const spelledOut = telling.flatMap((stem) => longForm(stem, acronyms) ?? [stem]);
  return [...new Set(spelledOut)]
    .filter((stem) => !tellsNothing(stem))
    .sort()
    .join(' ');
}

/** «Agents» is no name for what is asked for as «not agents». */
function tellsNothing(word: string): boolean {
  return STOP_WORDS.has(word) && !NEGATING.has(word);
}

function longForm(stem: string, acronyms: Equivalents): readonly string[] | undefined {
  return acronyms.get(stem)?.find(({ stems, weight }) => weight >= SAME && stems.length > 1)?.stems;
}
