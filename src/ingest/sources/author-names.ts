import { textOfMarkup } from './markup-text.ts';
import { squeeze } from './plain-text.ts';

const GROUP = /\b(?:collaboration|consortium|group|team|network|initiative|project|committee|investigators)s?\b/i;
const SUFFIX = /^(?:jr|sr|jnr|snr|i{2,3}|iv|2nd|3rd)\.?$/i;
const DEGREE = /^(?:ph\.?\s?d|m\.?\s?d|d\.?\s?phil|m\.?\s?sc|b\.?\s?sc|mba|dr|prof|frcp|mph|rn)\.?$/i;
/** «A.», «B. C.», «J.-H.», «AB». */
const INITIALS = /^(?:\p{Lu}\p{Ll}?\.[\s-]*){1,4}$|^\p{Lu}{1,3}$/u;
const MAILBOX = /^[^\s@()]+@[^\s@()]+\s*(?:\(([^()]*)\))?$/;

/**
 * Reads the names of authors from what feeds write: one name an element, or all in one, parted by semicolons, commas
 * or «and»; «Family, I.» pairs are turned, affiliations in brackets left out however nested, suffixes stay with their
 * name, degrees go.
 */
export function authorNames(creators: readonly string[]): string[] {
  const texts = creators.map((text) => bare(textOfMarkup(text))).filter((text) => text !== '');
  const names =
    texts.length > 1
      ? texts.flatMap((text) => (text.includes(';') ? namesIn(text) : oneName(text)))
      : texts.flatMap(namesIn);
  return names.map((name) => squeeze(name.replace(/^[,.&\s]+|[,&\s]+$/g, ''))).filter((name) => /\p{L}/u.test(name));
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
  if (text.includes(';')) return text.split(';').flatMap((part) => oneName(squeeze(part)));
  const parts = text
    .split(/[,，、]/)
    .map(squeeze)
    .filter((part) => part !== '' && !DEGREE.test(part));
  const pairs = asPairs(parts);
  if (pairs) return pairs;
  if (parts.length === 2 && parts.every((part) => !/[\s.]/.test(part))) return [turned(parts[0] ?? '', parts[1] ?? '')];
  return withSuffixes(parts).flatMap(splitAtAnd);
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

/** «Quill, A., Reed, B. C., van Dorn, K.»: families, each with initials behind it; null where they are not that. */
function asPairs(parts: readonly string[]): string[] | null {
  const names: string[] = [];
  for (let at = 0; at < parts.length; at += 2) {
    const [family, given] = [(parts[at] ?? '').replace(/^(?:and|&)\s+/i, ''), parts[at + 1] ?? ''];
    if (!INITIALS.test(given) || INITIALS.test(family)) return null;
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
