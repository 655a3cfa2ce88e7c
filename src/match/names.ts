import { PARTICLES, partInitials } from '../model/initials.ts';
import { fold } from './tokens.ts';

/** A person's name, folded: lower case, accents off but for letters that some write as two («ü», «ue»). */
export interface PersonName {
  given: readonly string[];
  /** With its particles: «van der maaten». Empty where nothing could be read. */
  family: string;
}

/** Chinese, Japanese and Korean names: the family name comes first. */
const CJK = /^[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}]{2,}$/u;

/**
 * Reads «Jane Doe», «J. Doe», «Doe, Jane», «Doe J», «Laurens van der Maaten» or a family name alone, with its particles
 * or without; «García» and «Garcia» are one.
 */
export function readName(text: string): PersonName {
  const [before = '', after] = text.slice(0, 200).split(',', 2);
  if (after !== undefined && /\p{L}/u.test(after) && !SUFFIX.test(fold(after.trim()))) {
    const given = partsOf(after);
    let from = given.length;
    while (from > 1 && PARTICLES.has(given[from - 1] ?? '')) from--;
    return { given: given.slice(0, from), family: [...given.slice(from), ...partsOf(before)].join(' ') };
  }
  const parts = partsOf(before);
  if (parts.length > 1 && SUFFIX.test(parts.at(-1) ?? '')) parts.pop();
  const initials = initialsBehind(before, parts);
  if (initials) return initials;
  let from = parts.length - 1;
  while (from > 0 && PARTICLES.has(parts[from - 1] ?? '')) from--;
  if (from === 1 && PARTICLES.has(parts[0] ?? '') && parts.length === 2) from = 0;
  return { given: parts.slice(0, Math.max(0, from)), family: parts.slice(Math.max(0, from)).join(' ') };
}

const SUFFIX = /^(?:jr|sr|ii|iii|iv)\.?$/;

/** «Smith JA», «Neumann J. v.». */
function initialsBehind(text: string, parts: readonly string[]): PersonName | null {
  const found = partInitials(text);
  const family = found ? partsOf(found.family) : [];
  if (!found || family.length === 0 || parts.length < 2) return null;
  const letters = found.initials.flatMap((part) => foldName(part).match(/\p{L}/gu) ?? []);
  return { given: letters, family: [...found.particles.map(fold), ...family].join(' ') };
}

/**
 * Tells how surely two names are one person's, in [0,1]: 1 for equal names, less where one has initials, a family name
 * alone or the other order («Wei Wang», «Wang Wei»); 0 where they differ.
 */
export function sameName(wanted: PersonName, found: PersonName): number {
  if (wanted.family === '' || found.family === '') return 0;
  const straight = sameFamily(wanted, found)
    ? wanted.given.length === 0
      ? 0.6
      : sameGiven(wanted.given, found.given)
    : 0;
  return straight > 0 ? straight : Math.max(doubleFamily(wanted, found), otherOrder(wanted, found));
}

/** Family names are one with their umlauts written either way, and where one side leaves the particles out. */
function sameFamily(wanted: PersonName, found: PersonName): boolean {
  if (sameSpelling(wanted.family, found.family)) return true;
  return isBare(wanted.family) !== isBare(found.family) && sameSpelling(bare(wanted.family), bare(found.family));
}

function isBare(family: string): boolean {
  return bare(family) === family;
}

function bare(family: string): string {
  const parts = family.split(' ');
  return parts
    .slice(
      Math.max(
        0,
        parts.findIndex((part) => !PARTICLES.has(part)),
      ),
    )
    .join(' ');
}

/** «Jose Garcia Marquez» and «J. García-Márquez»: two family names, of which one reading takes the first as given. */
function doubleFamily(wanted: PersonName, found: PersonName): number {
  for (const [one, other] of [
    [wanted, found],
    [found, wanted],
  ] as const) {
    const last = one.given.at(-1);
    if (one.given.length < 2 || last === undefined || !/[- ]/.test(other.family)) continue;
    if (sameSpelling(last + one.family, other.family))
      return Math.min(0.9, sameGiven(one.given.slice(0, -1), other.given));
  }
  return 0;
}

/** The family name first, as in Chinese, Korean, Hungarian and Vietnamese names. */
function otherOrder(wanted: PersonName, found: PersonName): number {
  const turned = [turn(found), turn(wanted)];
  const score =
    turned[0] && wanted.given.length > 0 && sameSpelling(turned[0].family, wanted.family)
      ? sameGiven(wanted.given, turned[0].given)
      : 0;
  const whole = (name: PersonName) => name.given.every((part) => part.length > 1);
  const isWritten = whole(wanted) || wanted.given.join('') === found.family; // «Wei LI»
  return score >= 0.8 && wanted.family.length > 1 && whole(found) && isWritten ? 0.7 : 0;
}

function turn({ given, family }: PersonName): PersonName | null {
  const [first, ...others] = given;
  return first === undefined || family === '' ? null : { given: [...others, family], family: first };
}

/** Letters that are written as the bare letter or as two where there is no key for them; «æ» is always two. */
const TWO_WAYS = { ä: 'ae', ö: 'oe', ü: 'ue', ø: 'oe', đ: 'dj', å: 'aa' };
const MARKED = /[äöüøđå]/g;
const UNMARKED = /[^äöüøđå]+/gi;

function foldName(text: string): string {
  return text
    .normalize('NFKC')
    .replace(UNMARKED, (letters) => fold(letters))
    .toLowerCase();
}

/** «Müller» is «Muller» and «Mueller», which are two people where neither is written with ü: «Yu», «Yue». */
function sameSpelling(one: string, other: string): boolean {
  const others = spellingsOf(other);
  return spellingsOf(one).some((spelling) => others.includes(spelling));
}

/** Every way to write a name, the bare letters first; hyphens, apostrophes and spaces out. */
function spellingsOf(name: string): string[] {
  const joined = name.replace(/[\s'’ʼ`-]/gu, '');
  const marked = joined.match(MARKED);
  if (!marked) return [joined];
  const written = (isTwo: (letter: string) => boolean) =>
    joined.replace(MARKED, (letter) => TWO_WAYS[letter as keyof typeof TWO_WAYS].slice(0, isTwo(letter) ? 2 : 1));
  return [
    ...new Set([written(() => false), written(() => true), written((l) => l !== 'å'), written((l) => l === 'å')]),
  ];
}

function bareOf(name: string): string {
  return spellingsOf(name)[0] ?? '';
}

function sameGiven(wanted: readonly string[], found: readonly string[]): number {
  if (found.length === 0 || wanted.length === 0) return 0;
  if (sameSpelling(wanted.join(''), found.join(''))) return 1;
  const [one, other] = [split(wanted), split(found)];
  const joined = initialsOf(wanted, other) || initialsOf(found, one);
  if (joined) return 0.8;
  let score = 1;
  for (let at = 0; at < Math.min(one.length, other.length); at++) {
    if (sameSpelling(one[at] ?? '', other[at] ?? '')) continue;
    const mine = bareOf(one[at] ?? '');
    const yours = bareOf(other[at] ?? '');
    if (mine[0] !== yours[0] || (mine.length > 1 && yours.length > 1)) return 0;
    score = 0.8;
  }
  return one.length === other.length ? score : Math.min(score, 0.9);
}

function split(given: readonly string[]): string[] {
  return given.flatMap((part) => part.split('-')).filter((part) => part !== '');
}

/** «JP» for «Jean-Pierre»: two or three letters that are the other's initials. */
function initialsOf([letters = '', ...more]: readonly string[], given: readonly string[]): boolean {
  if (more.length > 0 || letters.length < 2 || letters.length > 3 || given.length !== letters.length) return false;
  return given.every((part, at) => bareOf(part)[0] === bareOf(letters)[at]);
}

/** Parts a name at spaces and full stops; «J.-P.» is two initials, «Jean-Pierre» one word. */
function partsOf(text: string): string[] {
  const normal = text.normalize('NFKC').trim();
  if (CJK.test(normal)) return [normal.slice(1), normal.slice(0, 1)];
  return foldName(normal.replace(/\./g, ' '))
    .split(/\s+/u)
    .map((part) => part.replace(/[^\p{L}\p{N}'’-]/gu, '').replace(/^[-'’]+|[-'’]+$/g, ''))
    .filter((part) => part !== '');
}
