import { openChunks } from '../../lib/buffers.ts';
import { valueOf, type Fragment, type SlotValue } from './fragment.ts';

/** A fragment of a newsletter in both forms, with the stencils cut from it so far. */
export interface FragmentPair {
  html: Fragment;
  text: Fragment;
  /** Words to read in it. */
  words: number;
  stencils: StencilPair[];
}

/** The stencils of a fragment for values of certain sizes. */
export interface StencilPair {
  /** What they were cut from. */
  pair: FragmentPair;
  /** The sizes of the values they were cut for, as one number. */
  measure: number;
  html: Stencil;
  text: Stencil;
}

/** One form of a fragment as a stencil: all its octets as quoted-printable, with gaps where the values go. */
export interface Stencil {
  bytes: Buffer;
  /** Where the reader's links begin, and where the numbers of papers. */
  linksAt: readonly number[];
  numbersAt: readonly number[];
  /** Size of the text with its values. */
  octets: number;
  /** Size as quoted-printable with its values. */
  encodedOctets: number;
}

/** Stencils kept of one fragment: for numbers of one digit and of two, for links with and without one more digit. */
const KEPT = 4;
/** Above any size of a value, so that sizes side by side make one number. */
const SIZES = 4_096;
const NO_GAPS: readonly number[] = [];
/** Where stencils lie, side by side. */
const memory = openChunks();

/**
 * Returns the stencils of a fragment for a paper's number as long as `n` and reaction links as long as `react`. Both
 * are equally long for nearly everybody, so that a stencil is cut once with gaps of that length, and a mail copies it
 * whole and fills them.
 */
export function stencilsOf(pair: FragmentPair, n: SlotValue, react: SlotValue): StencilPair {
  const measure = (react.octets * SIZES + react.encoded.length) * SIZES + n.encoded.length;
  const { stencils: kept } = pair;
  for (let at = 0; at < kept.length; at++) if (kept[at]!.measure === measure) return kept[at]!;
  const stencils = {
    pair,
    measure,
    html: stencilOf(pair.html, { n, react }),
    text: stencilOf(pair.text, { n, react }),
  };
  if (kept.length === KEPT) kept.shift();
  kept.push(stencils);
  return stencils;
}

/**
 * Writes a stencil from `at` on, with the number and the reaction link, both as quoted-printable; returns where it
 * ends.
 */
export function fillStencil(stencil: Stencil, n: Buffer, react: Buffer, into: Buffer, at: number): number {
  const { bytes, linksAt, numbersAt } = stencil;
  into.set(bytes, at);
  for (let gap = 0; gap < linksAt.length; gap++) into.set(react, at + linksAt[gap]!);
  for (let gap = 0; gap < numbersAt.length; gap++) {
    const from = at + numbersAt[gap]!;
    for (let octet = 0; octet < n.length; octet++) into[from + octet] = n[octet]!; // a digit or two: faster than a call
  }
  return at + bytes.length;
}

function stencilOf(fragment: Fragment, values: { n: SlotValue; react: SlotValue }): Stencil {
  const { slots, encoded, encodedAt } = fragment;
  const filled = slots.map((slot) => valueOf({ ...values }, slot));
  const sum = (size: (value: SlotValue) => number) => filled.reduce((total, value) => total + size(value), 0);
  const encodedOctets = encoded.length + sum((value) => value.encoded.length);
  const bytes = memory(encodedOctets);
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
  const gapsOf = (name: 'n' | 'react') => {
    const gaps = gapsAt.filter((_, slot) => slots[slot] === name);
    return gaps.length === 0 ? NO_GAPS : gaps;
  };
  const octets = fragment.octets + sum((value) => value.octets);
  return { bytes, linksAt: gapsOf('react'), numbersAt: gapsOf('n'), octets, encodedOctets };
}
