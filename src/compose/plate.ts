import { valueOf, type Fragment, type SlotValue } from './fragment.ts';

/** A piece of a newsletter in both forms, and what was cast from it so far. */
export interface Twin {
  html: Fragment;
  text: Fragment;
  casts: Cast[];
}

/** A piece of a newsletter's body cast for values of certain sizes. */
export interface Cast {
  /** Tells what values it was cast for: equal for values of equal sizes. */
  measure: number;
  html: Plate;
  text: Plate;
}

/** One form of a cast: all its octets as quoted-printable, with gaps where the values go. */
export interface Plate {
  bytes: Buffer;
  /** Where the reader's links begin, and where the numbers of papers. */
  linksAt: readonly number[];
  numbersAt: readonly number[];
  /** Size of the text with its values. */
  octets: number;
  /** Size as quoted-printable with its values. */
  encodedOctets: number;
}

/** Casts kept of one twin: for numbers of one digit and of two, for links with and without one more digit. */
const KEPT = 4;
/** Above any size of a value, so that sizes side by side make one number. */
const SIZES = 4_096;

/**
 * Returns a body's piece cast for a paper's number as long as `n` and reaction links as long as `react`. Both are equally long for
 * nearly everybody, so that a piece is cast once with gaps of that length, and a mail copies it whole and fills them.
 */
export function castOf(twin: Twin, n: SlotValue, react: SlotValue): Cast {
  const measure = (react.octets * SIZES + react.encoded.length) * SIZES + n.encoded.length;
  const { casts } = twin;
  for (let at = 0; at < casts.length; at++) if (casts[at]!.measure === measure) return casts[at]!;
  const cast = { measure, html: plateOf(twin.html, { n, react }), text: plateOf(twin.text, { n, react }) };
  if (casts.length === KEPT) casts.shift();
  casts.push(cast);
  return cast;
}

/** Writes one form of a body's piece with its values as quoted-printable; returns where it ends. */
export function print(plate: Plate, n: Buffer, react: Buffer, into: Buffer, at: number): number {
  const { bytes, linksAt, numbersAt } = plate;
  into.set(bytes, at);
  for (let gap = 0; gap < linksAt.length; gap++) into.set(react, at + linksAt[gap]!);
  for (let gap = 0; gap < numbersAt.length; gap++) {
    const from = at + numbersAt[gap]!;
    for (let octet = 0; octet < n.length; octet++) into[from + octet] = n[octet]!; // a digit or two: faster than a call
  }
  return at + bytes.length;
}

function plateOf(fragment: Fragment, values: { n: SlotValue; react: SlotValue }): Plate {
  const { slots, encoded, encodedAt } = fragment;
  const filled = slots.map((slot) => valueOf({ ...values }, slot));
  const sum = (size: (value: SlotValue) => number) => filled.reduce((total, value) => total + size(value), 0);
  const encodedOctets = encoded.length + sum((value) => value.encoded.length);
  const bytes = Buffer.allocUnsafeSlow(encodedOctets);
  const gapsAt: number[] = [];
  let from = 0;
  let end = 0;
  for (const [slot, value] of filled.entries()) {
    const to = encodedAt[slot] ?? 0;
    end += encoded.copy(bytes, end, from, to);
    from = to;
    gapsAt.push(end);
    end += value.encoded.copy(bytes, end);
  }
  encoded.copy(bytes, end, from);
  const gapsOf = (name: 'n' | 'react') => gapsAt.filter((_, slot) => slots[slot] === name);
  const octets = fragment.octets + sum((value) => value.octets);
  return { bytes, linksAt: gapsOf('react'), numbersAt: gapsOf('n'), octets, encodedOctets };
}
