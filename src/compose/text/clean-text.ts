import { trimEndOf } from '../../lib/trim.ts';

/** Longest text looked at, in UTF-16 units: what is behind it could never be shown. */
const LOOKED_AT = 20_000;

/**
 * What no reader sees or what turns text around: C0 and C1 controls, soft hyphen, fillers, zero-width signs, bidi
 * controls and isolates, variation selectors of Mongolian, annotations, the replacement character, tags.
 */
const UNSEEN = new RegExp(
  [
    '[\\0-\\x08\\x0e-\\x1f\\x7f-\\x84\\x86-\\x9f\\xad]',
    '\\u{34f}',
    '[\\u{61c}\\u{115f}\\u{1160}\\u{180e}\\u{200b}\\u{200e}\\u{200f}\\u{202a}-\\u{202e}\\u{2060}-\\u{206f}]',
    '\\u{17b4}|\\u{17b5}|[\\u{180b}-\\u{180d}]',
    '[\\u{3164}\\u{feff}\\u{ffa0}\\u{fff9}-\\u{fffd}\\u{e0000}-\\u{e007f}]',
  ].join('|'),
  'gu',
);

/** Joiners do work between emoji and in scripts that join (Persian, Indic); elsewhere they only hide. */
const IDLE_JOINER =
  /(?<![\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f\p{Script=Arabic}\p{M}])[\u200c\u200d]|[\u200c\u200d](?![\p{Extended_Pictographic}\p{Script=Arabic}\p{L}])/gu;

/** More marks on one letter than any language writes. */
const STACKED_MARKS = /(\p{M}{4})\p{M}+/gu;

const LONE_SURROGATE = /\p{Surrogate}/gu;

/**
 * Makes text from outside fit to stand in a mail: one line, NFC, without controls, bidi overrides, invisible
 * characters, broken characters or towers of accents (Unicode TR 36 and TR 39). It is still plain text: escaping is the
 * template's work.
 */
export function cleanText(text: string, { lookedAt = LOOKED_AT } = {}): string {
  return text
    .slice(0, lookedAt)
    .replace(LONE_SURROGATE, '')
    .normalize('NFC')
    .replace(UNSEEN, '')
    .replace(IDLE_JOINER, '')
    .replace(STACKED_MARKS, '$1')
    .replace(/[\s\x85]+/g, ' ')
    .trim();
}

/** Cuts text at a word, with an ellipsis, to at most `max` characters; text that fits stays as it is. */
export function shorten(text: string, max: number): string {
  if (text.length <= max) return text;
  const head = text.slice(0, max * 4 + 8);
  const characters = /[\ud800-\udfff]/.test(head) ? Array.from(head) : null;
  if (characters && characters.length <= max && head.length === text.length) return text;
  const cut = characters ? characters.slice(0, max - 1).join('') : text.slice(0, max - 1);
  const atWord = trimEndOf(trimEndOf(cut, /\S/), /\s/);
  return `${trimEndOf(atWord.length >= cut.length * 0.6 ? atWord : cut, /[\s,;:.–—-]/)}…`;
}

/** Writes the first letter large. */
export function capitalised(text: string): string {
  return text.replace(/^\p{Ll}/u, (letter) => letter.toUpperCase());
}
