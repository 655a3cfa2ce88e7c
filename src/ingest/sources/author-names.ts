import { trimEndOf } from '../../lib/trim.ts';
import { textOfMarkup } from './markup-text.ts';
import { squeeze } from './plain-text.ts';

const GROUP = /\b(?:collaboration|consortium|group|team|network|initiative|project|committee|investigators)s?\b/i;
const SUFFIX = /^(?:jr|sr|jnr|snr|i{2,3}|iv|2nd|3rd)\.?$/i;
const DEGREE = /^(?:ph\.?\s?d|m\.?\s?d|d\.?\s?phil|m\.?\s?sc|b\.?\s?sc|mba|dr|prof|frcp|mph|rn)\.?$/i;
const HONORIFIC = /^(?:(?:dr|prof|mr|mrs|ms)\.?\s+)+(?=\p{Lu})/iu;
const ET_AL = /\set al\.?$/i;
/** Marks of notes behind a name: «Quill1», «Reed*». */
const MARK = /[,&*†‡§¶#⁰¹²³⁴⁵⁶⁷⁸⁹\s]/;
const NUMBER = /(?<=\p{L})\d{1,3}$/u;
/** A note's mark, raised: «Quill<sup>1,2</sup>», also escaped. */
const RAISED = /(?:<|&lt;)sup(?:>|&gt;)[^<>&]{0,40}(?:<|&lt;)\/sup(?:>|&gt;)/gi;
/** «A.», «B. C.», «J.-H.», «AB». */
const INITIALS = /^(?:\p{Lu}\p{Ll}?\.[\s-]*){1,4}$|^\p{Lu}{1,3}$/u;
/** «Bo C.»: given names that initials end; never «Reed B.», which begins with a family's name. */
const GIVEN = /^\p{Lu}\p{L}+(?:[ -]\p{Lu}\.)+$/u;
const FAMILY = /^(?:\p{Ll}[\p{L}']*\s+)*\p{Lu}[\p{L}'’-]*$/u;
const MAILBOX = /^[^\s@()]+@[^\s@()]+\s*(?:\(([^()]*)\))?$/;

/**
 * Reads the names of authors from what feeds write: one name an element, or all in one, parted by semicolons, commas
 * or «and»; «Family, I.» pairs are turned, affiliations in brackets left out however nested, suffixes stay with their
 * name, degrees go.
 */
export function authorNames(creators: readonly string[]): string[] {
  const texts = creators.map((text) => bare(textOfMarkup(text.replace(RAISED, '')))).filter((text) => text !== '');
  const names =
    texts.length > 1
      ? texts.flatMap((text) => (text.includes(';') ? namesIn(text) : oneName(text)))
      : texts.flatMap(namesIn);
  return names.map(nameAlone).filter((name) => /\p{L}/u.test(name));
}

/** Takes off what stands around a name. */
function nameAlone(name: string): string {
  const trimmed = squeeze(name.replace(/^[,.&\s]+/, '')).replace(HONORIFIC, '');
  return trimEndOf(trimEndOf(trimmed, MARK).replace(NUMBER, '').replace(ET_AL, ''), MARK);
}

/** Takes off brackets with what stands in them, «By», and an address that a name stands behind. */
function bare(text: string): string {
  const mailbox = MAILBOX.exec(text);
  if (mailbox) return mailbox[1] ?? '';
  return squeeze(withoutBrackets(text).replace(/^by:?\s+/i, ''));
}

function withoutBrackets(text: string): string {
  let depth = 0;
  let kept = '';
  for (const sign of text) {
    if ('([{'.includes(sign)) depth++;
    else if (')]}'.includes(sign)) depth = Math.max(0, depth - 1);
    else if (depth === 0) kept += sign;
  }
  return kept;
}

function namesIn(text: string): string[] {
  if (/[;|]/.test(text)) return text.split(/[;|]/).flatMap((part) => oneName(squeeze(part)).flatMap(splitAtAnd));
  const turnable = bibliography(text);
  if (turnable) return turnable.flatMap(oneName);
  const parts = text
    .replace(LEADS, '$1,')
    .split(/[,，、]/)
    .map(squeeze)
    .filter((part) => part !== '' && !DEGREE.test(part));
  const pairs = asPairs(parts);
  if (pairs) return pairs;
  if (isOnePerson(text, parts)) return oneName(text);
  return withSuffixes(parts).flatMap(splitAtAnd);
}

/** «The Kelp Collaboration: A. Quill, B. Reed» */
const LEADS = /\b(Collaboration|Consortium|Group|Team)\s*:/i;

/** «Quill, Ada and Reed, Bo»: names with their families in front, parted by «and»; null where they are not that. */
function bibliography(text: string): string[] | null {
  const names = text.split(/ and /i).map(squeeze);
  const isTurned = (name: string) => /^[^,]{1,60},[^,]{1,60}$/.test(name) && FAMILY.test(name.split(',')[0] ?? '');
  return names.length > 1 && names.every(isTurned) ? names : null;
}

/** «Quill, Ada», «Quill, Ada, Jr.», «Reed, Bo C.»; «田中太郎、鈴木花子» are two. */
function isOnePerson(text: string, parts: readonly string[]): boolean {
  const [family = '', given = '', ...others] = parts.filter((part) => !SUFFIX.test(part));
  if (given === '' || others.length > 0 || !text.includes(',')) return false;
  const isSingle = (part: string) => !/[\s.]/.test(part);
  return isSingle(family) && (isSingle(given) || GIVEN.test(given));
}

/** Reads what is one name: «Quill, Ada» is turned, «Reed, Bo, Jr.» too, «Bo Reed, Jr.» is not. */
function oneName(text: string): string[] {
  const parts = text
    .split(',')
    .map(squeeze)
    .filter((part) => part !== '' && !DEGREE.test(part));
  const suffix = parts.find((part) => SUFFIX.test(part));
  const [family, given, ...others] = parts.filter((part) => part !== suffix);
  if (family === undefined) return [];
  const name = given === undefined ? family : others.length === 0 ? turned(family, given) : parts.join(' ');
  return [suffix ? `${name} ${suffix}` : name];
}

/**
 * «Quill, A., Reed, B. C., van Dorn, K.»: families with initials behind them, groups between them; null where
 * they are not that.
 */
function asPairs(parts: readonly string[]): string[] | null {
  const names: string[] = [];
  for (let at = 0; at < parts.length; at += 2) {
    if (names.length > 0 && GROUP.test(parts[at] ?? '')) {
      names.push(parts[at--] ?? '');
      continue;
    }
    const [family, given] = [(parts[at] ?? '').replace(/^(?:and|&)\s+/i, ''), parts[at + 1] ?? ''];
    if (!(INITIALS.test(given) || (GIVEN.test(given) && FAMILY.test(family))) || INITIALS.test(family)) return null;
    const suffix = SUFFIX.test(parts[at + 2] ?? '') ? parts[at + 2] : undefined;
    if (suffix) at++;
    names.push(turned(family, given) + (suffix ? ` ${suffix}` : ''));
  }
  return names.length > 0 ? names : null;
}

function withSuffixes(parts: readonly string[]): string[] {
  const names: string[] = [];
  for (const part of parts) {
    const last = names.at(-1);
    if (SUFFIX.test(part) && last !== undefined) names[names.length - 1] = `${last} ${part}`;
    else names.push(part);
  }
  return names;
}

function splitAtAnd(name: string): string[] {
  if (/^et al\.?$/i.test(name)) return [];
  const behind = name.replace(/^(?:and|und|et|&) /i, '');
  return GROUP.test(behind) ? [behind] : behind.split(/ (?:and|und|&) /i);
}

function turned(family: string, given: string): string {
  return `${given} ${family}`;
}
